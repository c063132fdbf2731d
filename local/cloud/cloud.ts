import type { ScheduledRun } from '../contract.ts';
import type { FaultPlan } from '../gateway/faults.ts';
import type { Check } from '../iam/authorizer.ts';
import type { Undelivered } from '../state/undelivered.ts';

/** A running embedded cloud. */
export interface Cloud {
  /** http://127.0.0.1:port, for every service: set it as AWS_ENDPOINT_URL */
  endpoint: string;
  region: string;
  account: string;
  /** credentials of the operator, new at every start */
  credentials: { accessKeyId: string; secretAccessKey: string };
  /** the stack's outputs, as `cdk deploy --outputs-file` would write them: stack -> output -> value */
  outputs: Record<string, Record<string, string>>;
  /** publish to a partner's topic, as EventBridge in the partner's account would; it reaches the subscribed queue */
  publish(topicArn: string, message: string): Promise<void>;
  /** put one message on a queue by its ARN or URL, as a person or another service would */
  send(queue: string, body: string): Promise<void>;
  /** store an object in a bucket, as its operator would by PutObject: it is announced as any other. `etag` without quotes */
  store(object: { bucket: string; key: string; body: Buffer }): Promise<{ etag: string; versionId?: string }>;
  /**
   * run what the stack's schedules run, now: no clock does it here. Answers what the functions answered; rejects naming
   * the one that failed. What functions tell by PutEvents and Publish is kept in `events.ndjson` of the state folder
   */
  tick(): Promise<ScheduledRun[]>;
  /**
   * loads functions before they are invoked, one after the other in the order of the template, as many as stay warm: while a
   * batch is in one step, the next one is loaded
   */
  load(): Promise<void>;
  /** what is under way; all zero: everything delivered so far has been processed */
  activity(): { messages: number; invocations: number; executions: number };
  /** bytes since the start that were read of a bucket's objects, and that were sent to the tables: what is under way moves */
  moved(bucket: string): { read: number; stored: number };
  /** resolves when {@link activity} is all zero and stays so */
  idle(): Promise<void>;
  /** every distinct permission that was asked for since the start, with the answer */
  checks(): Check[];
  /** what a service could not deliver since the start, because a policy does not let it: nothing else has it any more */
  undelivered(): Undelivered[];
  /** how many invocations the account's concurrency refused since the start */
  throttled(): number;
  /** structured log lines of all functions, as they come */
  onLog(listener: (functionName: string, line: string) => void): void;
  close(): Promise<void>;
}

export interface CloudOptions {
  /** the folder `cdk synth` wrote (cdk.out) */
  assembly: string;
  /** the folder the state lives in: tables, objects, executions survive a restart */
  state: string;
  /** 0 or absent: any free port */
  port?: number;
  /** gives back the lock on the state folder that this process has taken already; absent: it is taken now. The cloud calls it at its end */
  unlock?: () => void;
  /**
   * a folder of this user's, in which is kept what V8 compiled of functions, some 1.4 MB each: their next start takes half the time.
   * Absent: nothing is kept
   */
  compiled?: string;
  /** lets requests of functions go wrong on purpose; absent: none does */
  faults?: FaultPlan;
  /** how many idle sandboxes stay warm over all functions: each holds 50 to 150 MB, and a new one costs 0.2 s */
  warm?: number;
  /** how many invocations run at once over all functions, as an account's quota; more are throttled. Absent: none is */
  concurrency?: number;
}

/** Starts what was synthesized. Throws when the templates hold something the embedded cloud does not support. */
export type StartCloud = (options: CloudOptions) => Promise<Cloud>;
