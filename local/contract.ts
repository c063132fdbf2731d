/**
 * How the parts of the embedded cloud meet. One HTTP gateway takes every AWS request, tells from the signature's
 * credential scope which service it is for and from its access key id who makes it, holds it against that caller's
 * synthesized policies, and hands it on.
 */

import type { FaultPlan } from './faults.ts';
import type { Undelivered } from './frontdoor/undelivered.ts';
import type { Check } from './iam/authorizer.ts';

/** Who makes a call: one of the stack's roles (by the role's logical id), or the person at the keyboard. */
export interface Caller {
  /** `operator` may do everything; a role may do what its synthesized policies say */
  kind: 'operator' | 'role';
  /** the role's logical id in the template, or `operator` */
  name: string;
  /** as AWS would name it in an AccessDenied message */
  arn: string;
  /** of a role: the role itself, with its path, which the ARN of its session lacks */
  roleArn?: string;
}

/** A service that acts for one of its resources: a rule's delivery, a topic's. Only the policies of what it reaches let it. */
export interface ServicePrincipal {
  kind: 'service';
  /** as whom it may come, `events.amazonaws.com`: SNS has a principal per region beside its own */
  names: readonly string[];
  /** the rule, topic or log group it acts for */
  sourceArn: string;
}

/** An error as the service itself would answer it: `code` is what the SDK shows as `error.name`. */
export class ServiceError extends Error {
  override name = 'ServiceError';
  readonly code: string;
  readonly status: number;
  constructor(code: string, message: string, status = 400) {
    super(message);
    this.code = code;
    this.status = status;
  }
}

/** A service that speaks AWS's JSON protocols (`X-Amz-Target: Prefix.Operation`). */
export interface JsonService {
  /** the operation's answer; throws {@link ServiceError}; an operation it does not know is refused by name */
  call(operation: string, input: Record<string, unknown>, caller: Caller): Promise<object>;
  /** the IAM actions and resources the operation needs, checked by the gateway before `call` */
  needs(operation: string, input: Record<string, unknown>): Need[];
}

/** `kms:Decrypt` and the like */
export type KeyAction = `kms:${string}`;

export interface Need {
  action: string;
  resource: string;
  /** what the service asks of the resource's key for the caller, where the resource is encrypted with one */
  key?: readonly KeyAction[];
}

/** Throws a {@link ServiceError} in AWS's own words when one need is not granted. */
export interface Authorizer {
  authorize(who: Caller | ServicePrincipal, needs: Need[]): void;
  /** What a service asks of the key of `resource` beside any request: nothing where it has none. */
  authorizeKey(who: Caller | ServicePrincipal, resource: string, actions: readonly KeyAction[]): void;
}

/** What the S3 server tells the front door after each object was stored. */
export interface ObjectCreated {
  bucket: string;
  key: string;
  size: number;
  etag: string;
  versionId?: string;
  time: string;
}

/** A policy statement as it stands in the template, intrinsics resolved. */
export interface Statement {
  Effect: 'Allow' | 'Deny';
  Action: string | string[];
  Resource: string | string[];
  Condition?: Record<string, Record<string, string | string[]>>;
  [other: string]: unknown;
}

/** What one run of a schedule gave: the function's answer. */
export interface ScheduledRun {
  rule: string;
  functionName: string;
  result: unknown;
}

/** A running embedded cloud. */
export interface Cloud {
  /** http://127.0.0.1:port, for every service: set it as AWS_ENDPOINT_URL */
  endpoint: string;
  region: string;
  account: string;
  /** credentials of the operator */
  credentials: { accessKeyId: string; secretAccessKey: string };
  /** the stack's outputs, as `cdk deploy --outputs-file` would write them: stack -> output -> value */
  outputs: Record<string, Record<string, string>>;
  /** publish to a partner's topic, as EventBridge in the partner's account would; it reaches the subscribed queue */
  publish(topicArn: string, message: string): Promise<void>;
  /** put one message on a queue by its ARN or URL, as a person or another service would */
  send(queue: string, body: string): Promise<void>;
  /**
   * run what the stack's schedules run, now: no clock does it here. Answers what the functions answered; rejects naming
   * the one that failed. What functions tell by PutEvents and Publish is kept in `events.ndjson` of the state folder
   */
  tick(): Promise<ScheduledRun[]>;
  /** what is under way; all zero: everything delivered so far has been processed */
  activity(): { messages: number; invocations: number; executions: number };
  /** resolves when {@link activity} is all zero and stays so */
  idle(): Promise<void>;
  /** every distinct permission that was asked for since the start, with the answer */
  checks(): Check[];
  /** what a service could not deliver since the start, because a policy does not let it: nothing else has it any more */
  undelivered(): Undelivered[];
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
  /** lets requests of functions go wrong on purpose; absent: none does */
  faults?: FaultPlan;
  /** how many idle sandboxes stay warm over all functions: each holds 50 to 150 MB, and a new one costs 0.2 s */
  warm?: number;
}

/** Starts what was synthesized. Throws when the templates hold something the embedded cloud does not support. */
export type StartCloud = (options: CloudOptions) => Promise<Cloud>;
