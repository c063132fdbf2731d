/**
 * How the parts of the embedded cloud meet. One HTTP gateway takes every AWS request, tells from the signature's
 * credential scope which service it is for and from its access key id who makes it, holds it against that caller's
 * synthesized policies, and hands it on.
 */

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
  /** it does not say for whom it acts: neither `aws:SourceArn` nor `aws:SourceAccount` */
  silent?: boolean;
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

/** What services ask of a key for whoever gives them something to keep (the guides of S3, SQS, SNS and Step Functions). */
export const toStore: readonly KeyAction[] = ['kms:GenerateDataKey', 'kms:Decrypt'];

export interface Need {
  action: string;
  resource: string;
  /** what the service asks of the resource's key for the caller, where the resource is encrypted with one */
  key?: readonly KeyAction[];
  /** what conditions may ask for, such as `s3:prefix`: condition key in lower case -> value */
  context?: Record<string, string | string[]>;
}

/** Throws a {@link ServiceError} in AWS's own words when one need is not granted. */
export interface Authorizer {
  authorize(who: Caller | ServicePrincipal, needs: Need[]): void;
  /** What a service asks of the key of `resource` beside any request: nothing where it has none. */
  authorizeKey(who: Caller | ServicePrincipal, resource: string, actions: readonly KeyAction[]): void;
}

/** What S3 tells EventBridge after each object was stored. */
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

/** Something in the synthesized templates that the embedded cloud does not run: refused by name, never ignored. */
export class Unsupported extends Error {
  override name = 'Unsupported';
}
