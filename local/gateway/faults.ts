import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Caller, ServiceError } from '../contract.ts';
import { divisible, halved, restored } from './faults-partial.ts';
import { readOperation } from './json.ts';

/**
 * What may befall a request. `throttled`, `error` (500), `reset`: it is not carried out. `timeout`: neither is it, and no
 * answer comes before the function's time is over. `lost`: it is carried out, and the client sees a reset. `killed`: it is carried out, and the host of
 * the function that made it is lost before it has the answer: Lambda answers 500. `memory`: so is it, and the kernel ends the function's process,
 * which has no memory left. `partial`: of a batch, only the first half is carried out.
 */
export type Fault = 'throttled' | 'error' | 'reset' | 'timeout' | 'lost' | 'killed' | 'memory' | 'partial';

/** A request on its way to a service. `operation`: `Query`; of S3 the method and what is addressed, `PUT ?uploadId`. */
export interface Passing {
  service: string;
  operation: string;
  caller: Caller;
  /** the X-Ray trace header of the function's invocation, which the SDK sends along; undefined outside of one */
  invocation: string | undefined;
}

/** Decides what befalls a request; undefined: nothing. */
export type FaultPlan = (passing: Passing) => Fault | undefined;

export type Death = 'killed' | 'memory' | 'timeout';

export interface FaultTools {
  /** ends an invocation of the function that makes requests as this caller, as if its host were lost, or it out of memory or time */
  kill(caller: Caller, invocation: string | undefined, how: Death): void;
}

interface Struck {
  request: IncomingMessage;
  response: ServerResponse;
  service: string;
  caller: Caller;
}

export function passingOf(request: IncomingMessage, service: string, caller: Caller): Passing {
  return { service, operation: operationOf(request), caller, invocation: invocationOf(request) };
}

/** @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html (what the SDK adds to each request) */
function invocationOf({ headers }: IncomingMessage): string | undefined {
  const header = headers['x-amzn-trace-id'];
  return Array.isArray(header) ? header[0] : header;
}

function operationOf(request: IncomingMessage): string {
  if (request.headers['x-amz-target']) return readOperation(request);
  const { searchParams } = new URL(request.url ?? '/', 'http://localhost');
  const addressed = [...searchParams.keys()].filter(key => key !== 'x-id').sort()[0];
  return addressed === undefined ? `${request.method}` : `${request.method} ?${addressed}`;
}

/**
 * Lets a fault befall a request. Answers the request that is to be carried out all the same, or undefined for none.
 * Throws {@link ServiceError} for what the service itself would answer.
 */
export async function suffer(
  fault: Fault,
  { request, response, service, caller }: Struck,
  tools: FaultTools,
): Promise<IncomingMessage | undefined> {
  switch (fault) {
    case 'throttled':
      throw throttled(service);
    case 'error':
      throw new ServiceError(internalError[service] ?? 'InternalFailure', 'We encountered an error.', 500);
    case 'reset':
      response.destroy();
      return undefined;
    case 'timeout':
      // As where the function's own time is over before its client gives up.
      tools.kill(caller, invocationOf(request), 'timeout');
      response.destroy();
      return undefined;
    case 'lost':
      intercept(response, () => response.destroy());
      return request;
    case 'killed':
    case 'memory':
      intercept(response, () => {
        tools.kill(caller, invocationOf(request), fault);
        response.destroy();
      });
      return request;
    case 'partial':
      return part(request, response);
  }
}

async function part(request: IncomingMessage, response: ServerResponse): Promise<IncomingMessage> {
  if (!divisible.includes(operationOf(request))) return request;
  const { request: half, rest } = await halved(request);
  const end = response.end.bind(response);
  intercept(response, body => {
    const whole = Buffer.from(response.statusCode === 200 ? restored(body.toString('utf8'), rest) : body);
    // The engine's checksum is of the half it answered.
    response.removeHeader('x-amz-crc32');
    response.setHeader('content-length', whole.length);
    Object.assign(response, { write: Object.getPrototypeOf(response).write, end });
    end(whole);
  });
  return half;
}

/** Holds back what a service answers, and hands it over where the answer would end. */
function intercept(response: ServerResponse, ended: (body: Buffer) => void): void {
  const chunks: Buffer[] = [];
  const take = (chunk: unknown) => {
    if (typeof chunk === 'string' || chunk instanceof Uint8Array) chunks.push(Buffer.from(chunk));
  };
  const write = (chunk: unknown, encoding?: unknown, done?: unknown): boolean => {
    take(chunk);
    const callback = typeof encoding === 'function' ? encoding : done;
    if (typeof callback === 'function') queueMicrotask(() => callback());
    return true;
  };
  const end = (chunk?: unknown): ServerResponse => {
    take(chunk);
    ended(Buffer.concat(chunks));
    return response;
  };
  Object.assign(response, { write, end });
}

const internalError: Record<string, string> = { s3: 'InternalError', dynamodb: 'InternalServerError' };

// As each service names it in its API reference.
function throttled(service: string): ServiceError {
  if (service === 's3') return new ServiceError('SlowDown', 'Please reduce your request rate.', 503);
  if (service === 'sns') return new ServiceError('Throttled', 'Rate exceeded', 429);
  return new ServiceError('ThrottlingException', 'Rate exceeded', 400);
}
