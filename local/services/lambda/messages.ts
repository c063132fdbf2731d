/** What the pool and a sandbox's worker thread say to each other. */

/** Where a worker finds its handler. */
export interface SandboxData {
  /** the unpacked deployment package */
  folder: string;
  /** `file.export`, as the function's Handler property says */
  handler: string;
  /** the folder in which is kept what V8 compiled of functions; absent: nothing is */
  compiled?: string | undefined;
}

export interface InvokeMessage {
  requestId: string;
  traceId: string;
  /** JSON text of the event */
  event: string;
  /** epoch milliseconds at which the invocation times out */
  deadline: number;
  context: {
    functionName: string;
    functionVersion: string;
    invokedFunctionArn: string;
    memoryLimitInMB: string;
    logGroupName: string;
    logStreamName: string;
  };
}

/** Asks a worker to end between two turns. */
export interface LeaveMessage {
  kind: 'leave';
}

/** An error as Lambda's runtime reports it in the payload of a failed invocation. */
export interface LambdaError {
  errorType: string;
  errorMessage: string;
  trace?: string[];
}

export type SandboxMessage =
  | { kind: 'ready' }
  /** the module could not be loaded: the sandbox ends */
  | { kind: 'initError'; error: LambdaError }
  | { kind: 'result'; requestId: string; payload: string }
  /** the handler threw: the sandbox stays warm */
  | { kind: 'error'; requestId: string; error: LambdaError }
  /** something outside the handler's promise threw: the sandbox ends */
  | { kind: 'crash'; error: LambdaError };
