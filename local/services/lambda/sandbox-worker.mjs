// @ts-check
/**
 * The Lambda runtime inside one worker thread: loads the handler once, then answers one invocation after the other.
 * JavaScript, because each thread would load Node's TypeScript compiler anew: that takes as long as all else of a start.
 * @see https://github.com/aws/aws-lambda-nodejs-runtime-interface-client (error names and shapes)
 */
import { existsSync, readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';
import { runKept } from './kept-code.mjs';

/** @import { InvokeMessage, LambdaError, LeaveMessage, SandboxData, SandboxMessage } from './messages.ts' */
/** @typedef {(event: unknown, context: object) => unknown} Handler */

const port = parentPort;
if (!port) throw new Error('the sandbox runs in a worker thread only');
/** @param {SandboxMessage} message */
const say = message => port.postMessage(message);
/** @type {SandboxData} */
const { folder, handler: handlerName, compiled } = workerData;

process.on('unhandledRejection', reason => {
  const { errorMessage, trace } = describe(reason);
  crash({ errorType: 'Runtime.UnhandledPromiseRejection', errorMessage, ...(trace && { trace }) });
});
process.on('uncaughtException', error => crash(describe(error)));

/** Keeps what is compiled by now for the next start, once. */
let keep = () => {};
try {
  const handler = await loadHandler();
  port.on('message', (/** @type {InvokeMessage | LeaveMessage} */ message) =>
    'kind' in message ? process.exit() : answer(handler, message),
  );
  say({ kind: 'ready' });
} catch (error) {
  say({ kind: 'initError', error: describe(error) });
}

/** @returns {Promise<Handler>} */
async function loadHandler() {
  const dot = handlerName.lastIndexOf('.');
  const [moduleName, exportName] = [handlerName.slice(0, dot), handlerName.slice(dot + 1)];
  const file = ['.js', '.mjs', '.cjs'].map(end => join(folder, moduleName + end)).find(existsSync);
  if (!file) throw named('Runtime.ImportModuleError', `Error: Cannot find module '${moduleName}'`);
  /** @type {Record<string, unknown>} */
  const found = isModule(file) ? await import(file) : requirePackage(file);
  const handler = found[exportName];
  if (typeof handler !== 'function') {
    throw named('Runtime.HandlerNotFound', `${handlerName} is undefined or not exported`);
  }
  if (handler.length >= 3) {
    throw named(
      'Runtime.CallbackHandlerDeprecated',
      'Callback-based function handlers are not supported from Node.js 24 on',
    );
  }
  return /** @type {Handler} */ (handler);
}

/** @param {string} file */
function isModule(file) {
  if (!file.endsWith('.js')) return file.endsWith('.mjs');
  for (let at = dirname(file); ; at = dirname(at)) {
    const about = join(at, 'package.json');
    if (existsSync(about)) return JSON.parse(readFileSync(about, 'utf8')).type === 'module';
    // What lies above the package does not exist on Lambda.
    if (at === folder || at === dirname(at)) return false;
  }
}

/**
 * @param {string} file
 * @returns {Record<string, unknown>}
 */
function requirePackage(file) {
  if (!existsSync(join(folder, 'package.json'))) {
    // Other files of the package: a package.json with `"type": "module"` above the folder must not count for them either.
    const root = pathToFileURL(`${folder}/`).href;
    registerHooks({
      load: (url, context, next) =>
        url.startsWith(root) && url.endsWith('.js')
          ? next(url, { ...context, format: 'commonjs' })
          : next(url, context),
    });
  }
  try {
    const ran = runKept(file, compiled);
    keep = ran.keep;
    return ran.exports;
  } catch (error) {
    if (error instanceof SyntaxError)
      throw named('Runtime.UserCodeSyntaxError', `SyntaxError: ${error.message}`, error);
    if (error instanceof Error && 'code' in error && error.code === 'MODULE_NOT_FOUND') {
      throw named('Runtime.ImportModuleError', `Error: ${error.message}`, error);
    }
    throw error;
  }
}

/**
 * @param {Handler} handler
 * @param {InvokeMessage} message
 */
async function answer(handler, message) {
  const { requestId } = message;
  process.env._X_AMZN_TRACE_ID = message.traceId;
  const context = {
    ...message.context,
    awsRequestId: requestId,
    callbackWaitsForEmptyEventLoop: true,
    getRemainingTimeInMillis: () => Math.max(0, message.deadline - Date.now()),
  };
  try {
    const result = await handler(JSON.parse(message.event), context);
    say({ kind: 'result', requestId, payload: JSON.stringify(result) ?? 'null' });
  } catch (error) {
    say({ kind: 'error', requestId, error: describe(error) });
  }
  // After an invocation, because functions are compiled when they are first called, and at once, because the thread may be ended
  // without a last word.
  keep();
  keep = () => {};
}

/** @param {LambdaError} error */
function crash(error) {
  say({ kind: 'crash', error });
}

/**
 * @param {unknown} error
 * @returns {LambdaError}
 */
function describe(error) {
  if (error instanceof Error) {
    return { errorType: error.name, errorMessage: error.message, trace: (error.stack ?? '').split('\n') };
  }
  return { errorType: typeof error, errorMessage: String(error), trace: [] };
}

/**
 * @param {string} name
 * @param {string} message
 * @param {unknown} [cause]
 */
function named(name, message, cause) {
  const error = new Error(message, { cause });
  error.name = name;
  return error;
}
