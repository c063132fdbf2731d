import { randomUUID } from 'node:crypto';
import { ServiceError } from '../../contract.ts';
import type { Death } from '../../gateway/faults.ts';
import type { Concurrency } from './concurrency.ts';
import type { LambdaError } from './messages.ts';
import { hostLost, type Outcome, Sandbox } from './sandbox.ts';
import { newTraceId } from './trace-id.ts';
import { WarmPool } from './warm-pool.ts';

export interface FunctionSpec {
  name: string;
  arn: string;
  roleArn: string;
  /** the unpacked deployment package */
  folder: string;
  /** `file.export` */
  handler: string;
  memoryMegabytes: number;
  /** seconds */
  timeout: number;
  /** the folder in which is kept what V8 compiled of functions; absent: nothing is */
  compiled?: string | undefined;
  /** all of it: nothing of this process's environment is added */
  environment: Record<string, string>;
  /** how many invocations run at once; more wait */
  concurrency: number;
}

export interface InvokeResult {
  requestId: string;
  /** JSON text: the handler's result, or a {@link LambdaError} when `functionError` is set */
  payload: string;
  functionError?: 'Unhandled';
}

/** Largest request of a synchronous invocation, and the largest response, in bytes (Lambda quotas: 6 MB). */
export const requestLimit = 6_291_456;
const responseLimit = 6_291_556;

/** A deployed function: sandboxes that are reused warm, as many as run at once. */
export class LambdaFunction {
  readonly spec: FunctionSpec;
  readonly #onLine: (line: string) => void;
  readonly #pool: WarmPool;
  readonly #account: Concurrency | undefined;
  readonly #logStream = new Date().toISOString().slice(0, 10).replaceAll('-', '/');
  readonly #all = new Set<Sandbox>();
  readonly #idle: Sandbox[] = [];
  readonly #waiting: (() => void)[] = [];
  readonly #wanting: ((sandbox: Sandbox | undefined) => void)[] = [];
  #running = 0;
  #closed = false;

  /** `pool`: where its idle sandboxes wait, beside those of the other functions; `account`: what all may run at once */
  constructor(
    spec: FunctionSpec,
    onLine: (line: string) => void,
    pool: WarmPool = new WarmPool(spec.concurrency),
    account?: Concurrency,
  ) {
    this.spec = spec;
    this.#account = account;
    this.#onLine = onLine;
    this.#pool = pool;
  }

  /** invocations that run or wait for a sandbox */
  get active(): number {
    return this.#running + this.#waiting.length;
  }

  /**
   * Invokes the function with the JSON text of an event.
   * A failing handler is a result with `functionError`; only a request Lambda would not accept is thrown.
   * @throws ServiceError RequestTooLargeException above 6 MB, TooManyRequestsException where the account runs all it may,
   *   ServiceException where the host of the function was lost
   */
  async invoke(event: string, traceId = newTraceId()): Promise<InvokeResult> {
    const bytes = Buffer.byteLength(event);
    if (bytes > requestLimit) {
      throw new ServiceError(
        'RequestTooLargeException',
        `${bytes} byte payload is too large for the RequestResponse invocation type (limit ${requestLimit} bytes)`,
        413,
      );
    }
    const requestId = randomUUID();
    await this.#enter();
    let leaveAccount: (() => void) | undefined;
    try {
      leaveAccount = this.#account?.enter();
      if (this.#closed) return failure(requestId, closedError);
      // Without a turn in between: of two that come at once, the second must see what the first one starts.
      let warm = this.#warm();
      const busy = warm ? undefined : [...this.#all].find(each => each.alive);
      if (busy) warm = await this.#givenBack(busy);
      // It may have been closed meanwhile.
      if (this.#closed) return failure(requestId, closedError);
      const sandbox = warm ?? this.#start();
      const outcome = await sandbox.run({ requestId, traceId, event, context: this.#context() });
      if (sandbox.alive) this.#keep(sandbox);
      else await this.#end(sandbox);
      if ('error' in outcome && outcome.error === hostLost)
        throw new ServiceError(hostLost.errorType, hostLost.errorMessage, 500);
      const result = toResult(requestId, outcome);
      if (result.functionError) this.#onLine(invokeError(result));
      return result;
    } finally {
      leaveAccount?.();
      this.#leave();
    }
  }

  /** Starts a sandbox before the first invocation; resolves once it is loaded. One that cannot be loaded says so when it is invoked. */
  async load(): Promise<void> {
    if (this.#closed || this.#all.size > 0) return;
    const sandbox = this.#start();
    await sandbox.loaded;
    if (sandbox.alive) this.#keep(sandbox);
    else await this.#end(sandbox);
  }

  /** Ends what runs, or the invocation with this trace header alone; the function can be invoked again. */
  kill(how: Death, traceId?: string): void {
    for (const sandbox of this.#all) {
      const meant = traceId === undefined || sandbox.traceId === traceId;
      if (meant && !this.#idle.includes(sandbox)) sandbox.kill(how);
    }
  }

  /** Ends all sandboxes; invocations under way, and all to come, fail. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#all].map(sandbox => this.#end(sandbox)));
  }

  async #enter(): Promise<void> {
    if (this.#running < this.spec.concurrency) this.#running += 1;
    else await new Promise<void>(resolve => this.#waiting.push(resolve));
  }

  #leave(): void {
    const next = this.#waiting.shift();
    // The slot is handed over, never free in between: `active` must not drop to zero while one waits.
    if (next) next();
    else this.#running -= 1;
  }

  #warm(): Sandbox | undefined {
    // A sandbox may have died between two invocations, of a timer or a promise it left behind.
    for (let sandbox = this.#idle.pop(); sandbox; sandbox = this.#idle.pop()) {
      this.#pool.remove(sandbox);
      if (sandbox.alive) return sandbox;
      void this.#end(sandbox);
    }
    return undefined;
  }

  /**
   * A sandbox that serves another invocation now, as `busy` does, should it be done within the time that a start takes;
   * undefined when it is not. A start takes more of a processor than most invocations, and there are few processors.
   */
  #givenBack(busy: Sandbox): Promise<Sandbox | undefined> {
    const { promise, resolve } = Promise.withResolvers<Sandbox | undefined>();
    this.#wanting.push(resolve);
    const giveUp = () => {
      const at = this.#wanting.indexOf(resolve);
      // Taken out here and now: what is given back from now on must not go to somebody who has left.
      if (at >= 0) this.#wanting.splice(at, 1);
      resolve(undefined);
    };
    // As long again: the first invocation of a new one is as slow as its start.
    void busy.loaded.then(milliseconds => setTimeout(giveUp, 2 * milliseconds));
    return promise;
  }

  #keep(sandbox: Sandbox): void {
    const wanting = this.#wanting.shift();
    if (wanting) {
      wanting(sandbox);
      return;
    }
    this.#idle.push(sandbox);
    this.#pool.add(sandbox, oldest => {
      this.#idle.splice(this.#idle.indexOf(oldest), 1);
      void this.#end(oldest);
    });
  }

  #start(): Sandbox {
    const { folder, handler, compiled, environment, memoryMegabytes, timeout } = this.spec;
    const sandbox = new Sandbox({
      folder,
      handler,
      compiled,
      memoryMegabytes,
      timeout,
      environment: { ...environment },
      onLine: this.#onLine,
    });
    this.#all.add(sandbox);
    return sandbox;
  }

  async #end(sandbox: Sandbox): Promise<void> {
    this.#all.delete(sandbox);
    this.#pool.remove(sandbox);
    await sandbox.close();
  }

  #context() {
    const { name, arn, memoryMegabytes } = this.spec;
    return {
      functionName: name,
      functionVersion: '$LATEST',
      invokedFunctionArn: arn,
      memoryLimitInMB: `${memoryMegabytes}`,
      logGroupName: `/aws/lambda/${name}`,
      logStreamName: `${this.#logStream}/[$LATEST]local`,
    };
  }
}

const closedError: LambdaError = {
  errorType: 'Roletrail.Closed',
  errorMessage: 'The embedded cloud was closed.',
};

function toResult(requestId: string, outcome: Outcome): InvokeResult {
  if ('error' in outcome) return failure(requestId, outcome.error);
  if (Buffer.byteLength(outcome.payload) > responseLimit) {
    return failure(requestId, {
      errorType: 'Function.ResponseSizeTooLarge',
      errorMessage: `Response payload size exceeded maximum allowed payload size (${responseLimit} bytes).`,
    });
  }
  return { requestId, payload: outcome.payload };
}

function failure(requestId: string, error: LambdaError): InvokeResult {
  return { requestId, payload: JSON.stringify(error), functionError: 'Unhandled' };
}

/** The line Lambda itself writes to a function's log when an invocation fails. */
function invokeError({ requestId, payload }: InvokeResult): string {
  const { errorType, errorMessage, trace }: LambdaError = JSON.parse(payload);
  const message = { errorType, errorMessage, stackTrace: trace };
  return JSON.stringify({ timestamp: new Date().toISOString(), level: 'ERROR', requestId, message });
}
