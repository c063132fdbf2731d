import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import type { Death } from '../../gateway/faults.ts';
import type { InvokeMessage, LambdaError, LeaveMessage, SandboxData, SandboxMessage } from './messages.ts';

export interface SandboxOptions extends SandboxData {
  environment: Record<string, string>;
  memoryMegabytes: number;
  /** seconds, as the function's Timeout property says */
  timeout: number;
  onLine(line: string): void;
}

export type Outcome = { payload: string } | { error: LambdaError };

/** Lambda gives a package 10 seconds to load before the function's own timeout counts. */
const initMilliseconds = 10_000;

/** How long a worker may take to leave by itself. */
const leaveMilliseconds = 200;

/** Left alone, V8 lets short-lived objects of each thread fill a hundred megabytes before it looks. */
const youngMegabytes = 24;

/** One execution environment: a worker thread that serves one invocation at a time until it dies. */
export class Sandbox {
  alive = true;
  /** of the invocation it serves, or served last */
  traceId: string | undefined;
  /** resolves when the handler is loaded, or never will be, to the milliseconds that this took */
  readonly loaded: Promise<number>;
  readonly #options: SandboxOptions;
  readonly #worker: Worker;
  readonly #ready: Promise<LambdaError | undefined>;
  readonly #lines: Promise<unknown>[] = [];
  #settle: ((message: SandboxMessage) => void) | undefined;
  #death: LambdaError | undefined;
  readonly #gone: Promise<unknown>;
  #ending: Promise<unknown> | undefined;

  constructor(options: SandboxOptions) {
    this.#options = options;
    this.#worker = new Worker(join(import.meta.dirname, 'sandbox-worker.mjs'), {
      workerData: {
        folder: options.folder,
        handler: options.handler,
        compiled: options.compiled,
      } satisfies SandboxData,
      env: options.environment,
      // Flags of the parent (a test runner's loaders) are not the function's.
      execArgv: ['--disable-warning=ExperimentalWarning'],
      argv: [],
      stdin: false,
      stdout: true,
      stderr: true,
      resourceLimits: {
        maxOldGenerationSizeMb: options.memoryMegabytes,
        maxYoungGenerationSizeMb: youngMegabytes,
      },
    });
    this.#gone = new Promise(resolve => this.#worker.once('exit', resolve));
    for (const input of [this.#worker.stdout, this.#worker.stderr]) {
      const lines = createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY });
      lines.on('line', line => options.onLine(line));
      this.#lines.push(new Promise(resolve => lines.once('close', resolve)));
    }
    const { promise, resolve } = Promise.withResolvers<LambdaError | undefined>();
    this.#ready = promise;
    const began = performance.now();
    this.loaded = promise.then(() => performance.now() - began);
    this.#worker.on('message', (message: SandboxMessage) => {
      if (message.kind === 'ready') resolve(undefined);
      else if (message.kind === 'initError') this.#die(message.error);
      else if (message.kind === 'crash') this.#die(message.error);
      else this.#settle?.(message);
    });
    this.#worker.on('error', (error: NodeJS.ErrnoException) => this.#die(deathOf(error)));
    this.#worker.on('exit', code => {
      this.#die({ errorType: 'Runtime.ExitError', errorMessage: exitMessage(code) });
      resolve(this.#death);
    });
  }

  /** Runs one invocation. Never rejects: an error is an outcome. `started` is called when the handler may run. */
  async run(message: Omit<InvokeMessage, 'deadline'>): Promise<Outcome> {
    const { timeout } = this.#options;
    this.traceId = message.traceId;
    const late = () => this.#die(timedOut(message.requestId, timeout));
    const loading = setTimeout(late, Math.max(initMilliseconds, timeout * 1000));
    const failed = await this.#ready;
    clearTimeout(loading);
    if (failed) return { error: withRequestId(failed, message.requestId) };
    const { promise, resolve } = Promise.withResolvers<Outcome>();
    this.#settle = answer => {
      if (answer.kind === 'result') resolve({ payload: answer.payload });
      else if (answer.kind === 'error' || answer.kind === 'crash') resolve({ error: answer.error });
    };
    const timer = setTimeout(late, timeout * 1000);
    try {
      if (this.#death) return { error: withRequestId(this.#death, message.requestId) };
      this.#worker.postMessage({ ...message, deadline: Date.now() + timeout * 1000 } satisfies InvokeMessage);
      const outcome = await promise;
      return 'error' in outcome ? { error: withRequestId(outcome.error, message.requestId) } : outcome;
    } finally {
      clearTimeout(timer);
      this.#settle = undefined;
    }
  }

  /** Ends the worker; what it wrote so far reaches the log. */
  async close(): Promise<void> {
    this.alive = false;
    await this.#end();
    await Promise.all(this.#lines);
  }

  /** Ends the worker in the middle of what it does. */
  kill(how: Death): void {
    this.#die(how === 'timeout' ? timedOut('unknown', this.#options.timeout) : deaths[how]);
  }

  #die(error: LambdaError): void {
    this.#death ??= error;
    this.alive = false;
    this.#settle?.({ kind: 'crash', error: this.#death });
    void this.#end();
  }

  // Terminated while it makes a zlib object, a worker takes the whole process along ("close before init", node_zlib.cc): it
  // leaves by itself between two turns, and is terminated only when it stays busy.
  #end(): Promise<unknown> {
    if (!this.#ending) {
      this.#worker.postMessage({ kind: 'leave' } satisfies LeaveMessage);
      const patience = delay(leaveMilliseconds, undefined, { ref: false });
      this.#ending = Promise.race([this.#gone, patience]).then(() => this.#worker.terminate());
    }
    return this.#ending;
  }
}

/** What an invocation ends with whose host is lost: no error of the function, but of the service. */
export const hostLost: LambdaError = {
  errorType: 'ServiceException',
  errorMessage: 'The AWS Lambda service encountered an internal error.',
};

const deaths: Record<Exclude<Death, 'timeout'>, LambdaError> = {
  killed: hostLost,
  memory: {
    errorType: 'Runtime.ExitError',
    errorMessage: 'Error: Runtime exited with error: signal: killed',
  },
};

function timedOut(requestId: string, seconds: number): LambdaError {
  return {
    errorType: 'Sandbox.Timedout',
    errorMessage: `RequestId: ${requestId} Error: Task timed out after ${seconds.toFixed(2)} seconds`,
  };
}

function exitMessage(code: number): string {
  return code === 0
    ? 'Error: Runtime exited without providing a reason'
    : `Error: Runtime exited with error: exit status ${code}`;
}

function deathOf({ name, message, code }: NodeJS.ErrnoException): LambdaError {
  if (code === 'ERR_WORKER_OUT_OF_MEMORY') {
    return {
      errorType: 'Runtime.OutOfMemory',
      errorMessage: 'Error: Runtime exited with error: signal: killed',
    };
  }
  return { errorType: name, errorMessage: message };
}

function withRequestId(error: LambdaError, requestId: string): LambdaError {
  if (!error.errorMessage.startsWith('Error: Runtime exited')) return error;
  return { ...error, errorMessage: `RequestId: ${requestId} ${error.errorMessage}` };
}
