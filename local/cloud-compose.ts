import { join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Callers, operatorCredentials } from './cloud-callers.ts';
import { lockState } from './cloud-lock.ts';
import { eventBridgeBuckets, type OpenStores, type Stores } from './cloud-stores.ts';
import { CloudTrailService } from './cloudtrail/cloudtrail-service.ts';
import {
  type Caller,
  type Cloud,
  type CloudOptions,
  type ObjectCreated,
  type ScheduledRun,
  ServiceError,
} from './contract.ts';
import type { Death } from './faults.ts';
import { objectCreatedEvent } from './frontdoor/event-bus.ts';
import { EventsService } from './frontdoor/events-service.ts';
import { type FrontDoor, openFrontDoor, openMappings } from './frontdoor/front-door.ts';
import type { EventSourceMapping } from './frontdoor/mapping.ts';
import { openSchedules, runSchedules, type Schedule } from './frontdoor/schedules.ts';
import { SnsService } from './frontdoor/sns-service.ts';
import { SqsService } from './frontdoor/sqs.ts';
import { type Undelivered, UndeliveredLog } from './frontdoor/undelivered.ts';
import { createGateway, type Gateway, type GatewayOptions } from './gateway.ts';
import { type Check, createAuthorizer, type RecordingAuthorizer } from './iam/authorizer.ts';
import { deployFunctions } from './lambda/deploy.ts';
import type { LambdaFunction } from './lambda/lambda-function.ts';
import { checkLogGroups } from './log-groups.ts';
import { PublishedLog } from './published.ts';
import { announce } from './running.ts';
import { deployMachines } from './stepfunctions/deploy.ts';
import { Executions } from './stepfunctions/executions.ts';
import { expressLog } from './stepfunctions/express-log.ts';
import { StepFunctionsService } from './stepfunctions/service.ts';
import { ExecutionStore } from './stepfunctions/store.ts';
import { type Deployment, readDeployment } from './template/deployment.ts';
import { resourcePolicies } from './template/resource-policies.ts';
import { rolePolicies } from './template/role-policies.ts';

/** How long what is under way may take to end when the cloud closes, in milliseconds. */
const patience = 10_000;

type LogListener = (functionName: string, line: string) => void;

interface Parts {
  deployment: Deployment;
  endpoint: string;
  gateway: Gateway;
  authorizer: RecordingAuthorizer;
  operator: Caller;
  undelivered: UndeliveredLog;
  stores: Stores;
  door: FrontDoor;
  functions: Map<string, LambdaFunction>;
  executions: Executions;
  mappings: EventSourceMapping[];
  schedules: Schedule[];
  listeners: LogListener[];
  unlock: () => void;
}

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
  const executions = new Executions(new ExecutionStore(join(state, 'executions')), expressLog(logs, onLine));
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

class RunningCloud implements Cloud {
  readonly endpoint: string;
  readonly region: string;
  readonly account: string;
  readonly credentials = operatorCredentials;
  readonly outputs: Cloud['outputs'];
  readonly #parts: Parts;
  readonly #withdraw: () => void;
  #closing: Promise<void> | undefined;

  /** `tell`: tells others of it; answers how to take that back */
  constructor(parts: Parts, tell: (cloud: Cloud) => () => void) {
    const { deployment, endpoint } = parts;
    this.#parts = parts;
    this.endpoint = endpoint;
    this.region = deployment.region;
    this.account = deployment.account;
    this.outputs = Object.fromEntries(deployment.stacks.map(stack => [stack.name, stack.outputs]));
    this.#withdraw = tell(this);
  }

  async publish(topicArn: string, message: string): Promise<void> {
    this.#parts.door.announce(topicArn, message);
  }

  async send(queue: string, body: string): Promise<void> {
    const found = [...this.#parts.door.queues.values()].find(
      ({ options }) => options.arn === queue || queue.endsWith(`/${options.name}`),
    );
    if (!found) throw new ServiceError('QueueDoesNotExist', `The specified queue does not exist: ${queue}`);
    const { authorizer, operator } = this.#parts;
    const key = ['kms:GenerateDataKey', 'kms:Decrypt'] as const;
    authorizer.authorize(operator, [{ action: 'sqs:SendMessage', resource: found.options.arn, key }]);
    found.send(body);
  }

  tick(): Promise<ScheduledRun[]> {
    return runSchedules(this.#parts.schedules);
  }

  activity(): { messages: number; invocations: number; executions: number } {
    const { mappings, functions, executions } = this.#parts;
    return {
      messages: sum(mappings.map(mapping => mapping.pending)),
      invocations: sum([...functions.values()].map(each => each.active)),
      executions: executions.active,
    };
  }

  async idle(): Promise<void> {
    while (this.#busy()) {
      if (this.#closing) throw new Error('the embedded cloud was closed before it was idle');
      for (const mapping of this.#parts.mappings) mapping.flush();
      await wait(5);
    }
  }

  checks(): Check[] {
    return this.#parts.authorizer.checks();
  }

  undelivered(): Undelivered[] {
    return this.#parts.undelivered.all();
  }

  onLog(listener: LogListener): void {
    this.#parts.listeners.push(listener);
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  #busy(): boolean {
    const { messages, invocations, executions } = this.activity();
    return messages + invocations + executions > 0;
  }

  async #close(): Promise<void> {
    const { mappings, executions, functions, gateway, stores, door, unlock } = this.#parts;
    this.#withdraw();
    for (const mapping of mappings) mapping.stop();
    const batches = Promise.all(mappings.map(mapping => mapping.settled()));
    await Promise.race([batches, wait(patience, undefined, { ref: false })]);
    await executions.close(patience, 'The embedded cloud was closed.');
    await Promise.all([...functions.values()].map(each => each.close()));
    await batches;
    await gateway.close();
    await stores.close();
    for (const queue of door.queues.values()) queue.close();
    unlock();
  }
}

function sum(numbers: number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
