import { join, resolve } from 'node:path';
import { Callers } from './cloud-callers.ts';
import type { Cloud, CloudOptions } from './cloud-contract.ts';
import { lockState } from './cloud-lock.ts';
import { type LogListener, type Parts, RunningCloud } from './cloud-running.ts';
import { eventBridgeBuckets, type OpenStores } from './cloud-stores.ts';
import { CloudTrailService } from './cloudtrail/cloudtrail-service.ts';
import type { Caller, ObjectCreated } from './contract.ts';
import type { Death } from './faults.ts';
import { objectCreatedEvent } from './frontdoor/event-bus.ts';
import { EventsService } from './frontdoor/events-service.ts';
import { openFrontDoor, openMappings } from './frontdoor/front-door.ts';
import { openSchedules } from './frontdoor/schedules.ts';
import { SnsService } from './frontdoor/sns-service.ts';
import { SqsService } from './frontdoor/sqs.ts';
import { UndeliveredLog } from './frontdoor/undelivered.ts';
import { createGateway, type GatewayOptions } from './gateway.ts';
import { createAuthorizer } from './iam/authorizer.ts';
import { deployFunctions } from './lambda/deploy.ts';
import type { LambdaFunction } from './lambda/lambda-function.ts';
import { checkLogGroups } from './log-groups.ts';
import { PublishedLog } from './published.ts';
import { announce } from './running.ts';
import { deployMachines } from './stepfunctions/deploy.ts';
import { Executions } from './stepfunctions/executions.ts';
import { StepFunctionsService } from './stepfunctions/service.ts';
import { ExecutionStore } from './stepfunctions/store.ts';
import { type Deployment, readDeployment } from './template/deployment.ts';
import { resourcePolicies } from './template/resource-policies.ts';
import { rolePolicies } from './template/role-policies.ts';

/** Starts what an assembly holds, over the stores that are given. */
export async function composeCloud(options: CloudOptions, openStores: OpenStores): Promise<Cloud> {
  const deployment = readDeployment(options.assembly);
  const unlock = lockState(options.state);
  const undo: (() => unknown)[] = [unlock];
  try {
    const parts = await openParts(deployment, options, openStores, unlock, undo);
    return new RunningCloud(parts, cloud => announce(options.state, cloud));
  } catch (error) {
    for (const each of undo.reverse()) await each();
    throw error;
  }
}

async function openParts(
  deployment: Deployment,
  { state: stateFolder, port = 0, faults, warm }: CloudOptions,
  openStores: OpenStores,
  unlock: () => void,
  undo: (() => unknown)[],
): Promise<Parts> {
  const { account, region } = deployment;
  const state = resolve(stateFolder);
  const callers = new Callers(deployment);
  const authorizer = createAuthorizer(
    rolePolicies(deployment),
    { account, region },
    resourcePolicies(deployment),
  );
  checkLogGroups(deployment, authorizer);
  const undelivered = new UndeliveredLog(state);
  const guards = { authorizer, operator: callers.operator, undelivered };
  const door = openFrontDoor(deployment, join(state, 'queues'), guards);
  const announced = eventBridgeBuckets(deployment);
  const stores = await openStores(deployment, state, (object: ObjectCreated) => {
    if (announced.has(object.bucket)) door.bus.put(objectCreatedEvent(object, account, region));
  });
  undo.push(() => stores.close());

  const listeners: LogListener[] = [];
  const logs = join(state, 'logs');
  const onLine = (name: string, line: string) => {
    for (const listener of listeners) listener(name, line);
  };
  const services: GatewayOptions['services'] = { ...stores.services };
  const gateway = createGateway({
    services,
    authorizer,
    callers: key => callers.find(key),
    onFault: error => onLine('gateway', error instanceof Error ? `${error.stack}` : String(error)),
    ...(faults && { faults: { plan: faults, kill: killIn(() => functions) } }),
  });
  const endpoint = await gateway.listen(port);
  undo.push(() => gateway.close());

  const credentialsOf = (roleArn: string, functionName: string) => callers.issue(roleArn, functionName);
  const functions = deployFunctions(deployment, { endpoint, logs, credentialsOf, onLine, warm });
  undo.push(() => Promise.all([...functions.values()].map(each => each.close())));
  const machines = deployMachines(deployment, functions, authorizer, roleArn =>
    callers.underRole(roleArn, 'execution'),
  );
  const executions = new Executions(new ExecutionStore(join(state, 'executions')));
  services.states = new StepFunctionsService(machines, executions);
  services.sqs = new SqsService(
    door.queues.values(),
    queue => `${endpoint}/${account}/${queue.options.name}`,
  );
  const published = new PublishedLog(state);
  services.events = new EventsService(door.bus, published, { account, region });
  services.sns = new SnsService(door.topics, published);
  services.cloudtrail = new CloudTrailService(state);
  const schedules = openSchedules(deployment, functions);
  const mappings = openMappings(deployment, door.queues, functions, (roleArn, functionName, queueArn) => {
    const actions = ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'];
    const needs = actions.map(action => ({ action, resource: queueArn }));
    const poller = callers.underRole(roleArn, functionName);
    authorizer.authorize(poller, needs);
    authorizer.authorizeKey(poller, queueArn, ['kms:Decrypt']);
    return operation => faults?.({ service: 'sqs', operation, caller: poller, invocation: undefined });
  });
  return {
    deployment,
    endpoint,
    gateway,
    authorizer,
    operator: callers.operator,
    credentials: callers.operatorCredentials,
    undelivered,
    stores,
    door,
    functions,
    executions,
    mappings,
    schedules,
    listeners,
    unlock,
  };
}

function killIn(functions: () => Map<string, LambdaFunction>) {
  return ({ arn }: Caller, invocation: string | undefined, how: Death): void => {
    for (const each of functions().values()) {
      if (arn.endsWith(`/${each.spec.name}`)) each.kill(how, invocation);
    }
  };
}
