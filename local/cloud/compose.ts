import { join, resolve } from 'node:path';
import type { Caller, ObjectCreated } from '../contract.ts';
import type { Death } from '../gateway/faults.ts';
import { createGateway, type GatewayOptions } from '../gateway/gateway.ts';
import { createAuthorizer } from '../iam/authorizer.ts';
import { CloudTrailService } from '../services/cloudtrail/service.ts';
import { objectCreatedEvent } from '../services/events/model.ts';
import { openSchedules } from '../services/events/schedules.ts';
import { EventsService } from '../services/events/service.ts';
import { Concurrency } from '../services/lambda/concurrency.ts';
import { deployFunctions, mostWarm } from '../services/lambda/deploy.ts';
import { openMappings } from '../services/lambda/deploy-mappings.ts';
import type { LambdaFunction } from '../services/lambda/function.ts';
import { checkLogGroups } from '../services/logs/needs.ts';
import { eventBridgeBuckets } from '../services/s3/deploy.ts';
import { SnsService } from '../services/sns/service.ts';
import { SqsService } from '../services/sqs/service.ts';
import { deployMachines } from '../services/stepfunctions/deploy.ts';
import { Executions } from '../services/stepfunctions/executions.ts';
import { StepFunctionsService } from '../services/stepfunctions/service.ts';
import { ExecutionStore } from '../services/stepfunctions/store.ts';
import { announce } from '../state/announced.ts';
import { lockState } from '../state/lock.ts';
import { PublishedLog } from '../state/published.ts';
import { UndeliveredLog } from '../state/undelivered.ts';
import { type Deployment, readDeployment } from '../template/deployment.ts';
import { resourcePolicies } from '../template/resource-policies.ts';
import { rolePolicies } from '../template/role-policies.ts';
import { Callers } from './callers.ts';
import type { Cloud, CloudOptions } from './cloud.ts';
import { openMessaging } from './messaging.ts';
import { type LogListener, type Parts, RunningCloud } from './running.ts';
import type { OpenStores } from './stores.ts';

/** Starts what an assembly holds, over the stores that are given. */
export async function composeCloud(options: CloudOptions, openStores: OpenStores): Promise<Cloud> {
  const deployment = readDeployment(options.assembly);
  const unlock = options.unlock ?? lockState(options.state);
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
  { state: stateFolder, port = 0, faults, compiled, warm = mostWarm, concurrency }: CloudOptions,
  openStores: OpenStores,
  giveBack: () => void,
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
  const messaging = openMessaging(deployment, join(state, 'queues'), guards);
  const announced = eventBridgeBuckets(deployment);
  const stores = await openStores(deployment, state, (object: ObjectCreated) => {
    if (announced.has(object.bucket)) messaging.bus.put(objectCreatedEvent(object, account, region));
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
  const running = concurrency === undefined ? undefined : new Concurrency(concurrency);
  const functions = deployFunctions(deployment, {
    ...{ endpoint, logs, credentialsOf, onLine },
    ...{ compiled, warm, account: running },
  });
  undo.push(() => Promise.all([...functions.values()].map(each => each.close())));
  const machines = deployMachines(deployment, functions, authorizer, roleArn =>
    callers.underRole(roleArn, 'execution'),
  );
  const executions = new Executions(
    new ExecutionStore(join(state, 'executions')),
    // Where the account throttles, all that run compete, as on AWS.
    running === undefined ? undefined : Number.POSITIVE_INFINITY,
  );
  services.states = new StepFunctionsService(machines, executions);
  services.sqs = new SqsService(
    messaging.queues.values(),
    queue => `${endpoint}/${account}/${queue.options.name}`,
  );
  const published = new PublishedLog(state);
  services.events = new EventsService(messaging.bus, published, { account, region });
  services.sns = new SnsService(messaging.topics, published);
  services.cloudtrail = new CloudTrailService(state);
  const schedules = openSchedules(deployment, functions);
  const mappings = openMappings(deployment, messaging.queues, functions, (spec, needs, queueArn) => {
    const poller = callers.underRole(spec.roleArn, spec.name);
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
    messaging,
    functions,
    warm,
    concurrency: running,
    executions,
    mappings,
    schedules,
    listeners,
    giveBack,
  };
}

function killIn(functions: () => Map<string, LambdaFunction>) {
  return ({ arn }: Caller, invocation: string | undefined, how: Death): void => {
    for (const each of functions().values()) {
      if (arn.endsWith(`/${each.spec.name}`)) each.kill(how, invocation);
    }
  };
}
