import { setTimeout as wait } from 'node:timers/promises';
import { type Caller, type ScheduledRun, ServiceError } from '../contract.ts';
import type { Gateway } from '../gateway/gateway.ts';
import type { Check, RecordingAuthorizer } from '../iam/authorizer.ts';
import { runSchedules, type Schedule } from '../services/events/schedules.ts';
import type { Concurrency } from '../services/lambda/concurrency.ts';
import type { LambdaFunction } from '../services/lambda/function.ts';
import type { EventSourceMapping } from '../services/lambda/mapping.ts';
import { sendNeed } from '../services/sqs/needs.ts';
import type { Executions } from '../services/stepfunctions/executions.ts';
import type { Undelivered, UndeliveredLog } from '../state/undelivered.ts';
import type { Deployment } from '../template/deployment.ts';
import type { Cloud } from './cloud.ts';
import type { Messaging } from './messaging.ts';
import type { Stores } from './stores.ts';

/** How long what is under way may take to end when the cloud closes, in milliseconds. */
const patience = 10_000;

export type LogListener = (functionName: string, line: string) => void;

/** What a running cloud is made of. */
export interface Parts {
  deployment: Deployment;
  endpoint: string;
  gateway: Gateway;
  authorizer: RecordingAuthorizer;
  operator: Caller;
  credentials: Cloud['credentials'];
  undelivered: UndeliveredLog;
  stores: Stores;
  messaging: Messaging;
  functions: Map<string, LambdaFunction>;
  /** how many of them stay warm */
  warm: number;
  /** what its functions may run at once */
  concurrency: Concurrency | undefined;
  executions: Executions;
  mappings: EventSourceMapping[];
  schedules: Schedule[];
  listeners: LogListener[];
  /** ends the use of the state folder */
  giveBack: () => void;
}

/** The cloud as its users see it. */
export class RunningCloud implements Cloud {
  readonly endpoint: string;
  readonly region: string;
  readonly account: string;
  readonly credentials: Cloud['credentials'];
  readonly outputs: Cloud['outputs'];
  readonly #parts: Parts;
  readonly #withdraw: () => void;
  #closing: Promise<void> | undefined;

  /** `tell`: tells others of it; answers how to take that back */
  constructor(parts: Parts, tell: (cloud: Cloud) => () => void) {
    const { deployment, endpoint } = parts;
    this.#parts = parts;
    this.endpoint = endpoint;
    this.credentials = parts.credentials;
    this.region = deployment.region;
    this.account = deployment.account;
    this.outputs = Object.fromEntries(deployment.stacks.map(stack => [stack.name, stack.outputs]));
    this.#withdraw = tell(this);
  }

  async publish(topicArn: string, message: string): Promise<void> {
    this.#parts.messaging.announce(topicArn, message);
  }

  async send(queue: string, body: string): Promise<void> {
    const found = [...this.#parts.messaging.queues.values()].find(
      ({ options }) => options.arn === queue || queue.endsWith(`/${options.name}`),
    );
    if (!found) throw new ServiceError('QueueDoesNotExist', `The specified queue does not exist: ${queue}`);
    const { authorizer, operator } = this.#parts;
    authorizer.authorize(operator, [sendNeed(found.options.arn)]);
    found.send(body);
  }

  store(object: Parameters<Cloud['store']>[0]): ReturnType<Cloud['store']> {
    return this.#parts.stores.store(object);
  }

  tick(): Promise<ScheduledRun[]> {
    return runSchedules(this.#parts.schedules);
  }

  async load(): Promise<void> {
    for (const each of [...this.#parts.functions.values()].slice(0, this.#parts.warm)) await each.load();
  }

  activity(): { messages: number; invocations: number; executions: number } {
    const { mappings, functions, executions } = this.#parts;
    return {
      messages: sum(mappings.map(mapping => mapping.pending)),
      invocations: sum([...functions.values()].map(each => each.active)),
      executions: executions.active,
    };
  }

  moved(bucket: string): { read: number; stored: number } {
    const { stores, gateway } = this.#parts;
    return { read: stores.served(bucket), stored: gateway.received('dynamodb') };
  }

  async idle(): Promise<void> {
    while (this.#busy()) {
      if (this.#closing) throw new Error('the embedded cloud was closed before it was idle');
      const { invocations, executions } = this.activity();
      for (const mapping of this.#parts.mappings) mapping.flush(invocations + executions === 0);
      await wait(5);
    }
  }

  checks(): Check[] {
    return this.#parts.authorizer.checks();
  }

  undelivered(): Undelivered[] {
    return this.#parts.undelivered.all();
  }

  throttled(): number {
    return this.#parts.concurrency?.throttled ?? 0;
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
    const { mappings, executions, functions, gateway, stores, messaging, giveBack } = this.#parts;
    this.#withdraw();
    for (const mapping of mappings) mapping.stop();
    const batches = Promise.all(mappings.map(mapping => mapping.settled()));
    await Promise.race([batches, wait(patience, undefined, { ref: false })]);
    await executions.close(patience, 'The embedded cloud was closed.');
    await Promise.all([...functions.values()].map(each => each.close()));
    await batches;
    await gateway.close();
    await stores.close();
    for (const queue of messaging.queues.values()) queue.close();
    giveBack();
  }
}

function sum(numbers: number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
