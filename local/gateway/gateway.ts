import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Authorizer, type Caller, type JsonService, ServiceError } from '../contract.ts';
import { authenticated, type KeyOwner } from './caller.ts';
import { type FaultPlan, type FaultTools, passingOf, suffer } from './faults.ts';
import { refuseForeign } from './host.ts';
import { answerJson, callJson } from './json.ts';
import { answerXmlError } from './xml.ts';

/** One request on its way: who makes it, and the id its answer carries. */
export interface Exchange {
  request: IncomingMessage;
  response: ServerResponse;
  caller: Caller;
  requestId: string;
  authorizer: Authorizer;
}

/** A service that reads its own requests (S3) or forwards them as they are (DynamoDB). It authorizes by itself. */
export interface HttpService {
  /** answers; throws {@link ServiceError} for what the gateway is to answer in the service's own shape */
  handle(exchange: Exchange): Promise<void>;
}

export interface GatewayOptions {
  /** by signing name: `s3`, `dynamodb`, `states`, `sqs`, `events` */
  services: Record<string, JsonService | HttpService>;
  authorizer: Authorizer;
  /** who owns an access key; undefined for one that was never handed out */
  callers: (accessKeyId: string) => KeyOwner | undefined;
  /** called for every fault of a service itself (the caller gets a 500 that says the same) */
  onFault?: (error: unknown) => void;
  /** lets requests of roles go wrong on purpose; absent: none does */
  faults?: FaultTools & { plan: FaultPlan };
}

export interface Gateway {
  /** Listens on 127.0.0.1 only. `port` 0 or absent: any free one. Resolves to `http://127.0.0.1:PORT`. */
  listen(port?: number): Promise<string>;
  /** bytes of requests' bodies that a service was sent since the start, by its signing name */
  received(service: string): number;
  /** Takes no more requests, lets those under way end, and frees the port. */
  close(): Promise<void>;
}

/**
 * One HTTP server for all services. The service is read from the signature's credential scope, so the path does not matter;
 * the caller is whose access key signed the request. Only what this machine's own clients sign gets in: a request of a
 * browser, or under another host's name, is refused before anything of it is read.
 */
export function createGateway({ services, authorizer, callers, onFault, faults }: GatewayOptions): Gateway {
  const bodies = new Map<string, number>();

  async function route(arrived: IncomingMessage, response: ServerResponse, requestId: string): Promise<void> {
    refuseForeign(arrived);
    const { service: name, caller, request: received } = await authenticated(arrived, callers);
    const service = Object.hasOwn(services, name) ? services[name] : undefined;
    bodies.set(name, (bodies.get(name) ?? 0) + (Number(received.headers['content-length']) || 0));
    if (!service) throw new ServiceError('UnknownService', `${name} is not part of the embedded cloud`, 501);
    const fault = caller.kind === 'role' ? faults?.plan(passingOf(received, name, caller)) : undefined;
    const request =
      faults && fault
        ? await suffer(fault, { request: received, response, service: name, caller }, faults)
        : received;
    if (!request) return;
    if ('handle' in service) await service.handle({ request, response, caller, requestId, authorizer });
    else answerJson(response, 200, await callJson(service, request, caller, authorizer), request);
  }

  const server = createServer(async (request, response) => {
    const requestId = randomUUID();
    response.setHeader('x-amzn-requestid', requestId);
    response.setHeader('x-amz-request-id', requestId);
    let gone = false;
    response.once('close', () => {
      gone = !response.writableFinished;
    });
    try {
      await route(request, response, requestId);
    } catch (error) {
      // A client that went away has no use for an answer, and is no fault of the service.
      if (gone && isDisconnect(error)) return;
      if (!(error instanceof ServiceError)) onFault?.(error);
      // Half an answer cannot be taken back: only a broken connection tells the client that it is not whole.
      if (response.headersSent) response.destroy();
      else answerError(request, response, requestId, error);
    } finally {
      // What a refused request still sends must be read, or the client sees a reset instead of the answer.
      request.resume();
    }
  });
  server.requestTimeout = 0;
  // Longer than any SDK keeps an idle connection, or it may write into one that is just being closed.
  server.keepAliveTimeout = 600_000;

  return {
    listen: (port = 0) =>
      new Promise((resolve, reject) => {
        server.once('error', reject);
        server.listen(port, '127.0.0.1', () => {
          server.off('error', reject);
          resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
        });
      }),
    received: service => bodies.get(service) ?? 0,
    close: () =>
      new Promise((resolve, reject) => {
        // A connection kept alive is idle only some time after its last answer; left alone, it keeps the server open.
        const sweep = setInterval(() => server.closeIdleConnections(), 10);
        server.close(error => {
          clearInterval(sweep);
          if (error) reject(error);
          else resolve();
        });
      }),
  };
}

function isDisconnect(error: unknown): boolean {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return code === 'ECONNRESET' || code === 'ERR_STREAM_PREMATURE_CLOSE';
}

/** An error in the shape of the protocol the request was made in: JSON, XML (S3) or the query protocol's XML. */
function answerError(
  request: IncomingMessage,
  response: ServerResponse,
  requestId: string,
  error: unknown,
): void {
  const fault =
    error instanceof ServiceError
      ? error
      : new ServiceError(
          'InternalFailure',
          error instanceof Error ? `${error.name}: ${error.message}` : String(error),
          500,
        );
  const signed = /\/s3\/aws4_request/.test(request.headers.authorization ?? '');
  const form = request.headers['content-type']?.startsWith('application/x-www-form-urlencoded');
  if (signed || form) answerXmlError(request, response, fault, requestId, signed ? 's3' : 'query');
  else answerJson(response, fault.status, { __type: fault.code, message: fault.message }, request);
}
