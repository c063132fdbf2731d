import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { type Authorizer, type Caller, type JsonService, ServiceError } from '../contract.ts';

/** The largest body of any JSON service here: DynamoDB's 16 MB (its quotas page). */
export const maxBodyBytes = 16 * 1024 * 1024;

/** A whole request body. Throws RequestEntityTooLarge above `limit` bytes, before it is all in memory. */
export async function readBody(request: IncomingMessage, limit = maxBodyBytes): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  // A plain for-await would destroy the request when it throws, and with it the connection the answer needs.
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    bytes += chunk.length;
    if (bytes > limit) {
      throw new ServiceError('RequestEntityTooLarge', `the request is larger than ${limit} bytes`, 413);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, bytes);
}

/** A request that was read already, with this body: services read it as they read any. */
export function withBody(request: IncomingMessage, body: Buffer): IncomingMessage {
  const { headers, method, url, socket } = request;
  return Object.assign(Readable.from([body], { objectMode: false }), {
    ...{ headers, method, url, socket },
  }) as unknown as IncomingMessage;
}

/** The operation of an `X-Amz-Target: Prefix.Operation` header. Throws UnknownOperationException without one. */
export function readOperation(request: IncomingMessage): string {
  const target = request.headers['x-amz-target'];
  const operation = typeof target === 'string' ? /\.(\w+)$/.exec(target)?.[1] : undefined;
  if (!operation) {
    throw new ServiceError(
      'UnknownOperationException',
      `${request.method} ${request.url} has no X-Amz-Target of the form Prefix.Operation; only AWS's JSON protocols are spoken here`,
    );
  }
  return operation;
}

/** A JSON object of a body. Throws SerializationException for anything else; an empty body is one, too. */
export function parseInput(body: Buffer): Record<string, unknown> {
  let input: unknown;
  try {
    input = JSON.parse(body.toString('utf8'));
  } catch (cause) {
    throw new ServiceError(
      'SerializationException',
      `the request body is not JSON: ${(cause as Error).message}`,
    );
  }
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    throw new ServiceError('SerializationException', 'the request body is not a JSON object');
  }
  return input as Record<string, unknown>;
}

/** Reads a request, checks it against the caller's policies, and calls the service. */
export async function callJson(
  service: JsonService,
  request: IncomingMessage,
  caller: Caller,
  authorizer: Authorizer,
): Promise<object> {
  const operation = readOperation(request);
  const input = parseInput(await readBody(request));
  authorizer.authorize(caller, service.needs(operation, input));
  return service.call(operation, input, caller);
}

/** Answers in the JSON version the request was made in. */
export function answerJson(
  response: ServerResponse,
  status: number,
  answer: object,
  request: IncomingMessage,
): void {
  const type = request.headers['content-type'];
  const body = Buffer.from(JSON.stringify(answer));
  response.writeHead(status, {
    'content-type': type?.startsWith('application/x-amz-json-') ? type : 'application/json',
    'content-length': body.length,
  });
  response.end(body);
}
