import { Agent, request as httpRequest, type IncomingMessage } from 'node:http';
import { ServiceError } from '../../contract.ts';
import type { Exchange, HttpService } from '../../gateway/gateway.ts';
import { parseInput, readBody, readOperation } from '../../gateway/json.ts';
import { checkProjection, type Projections } from './model.ts';
import { dynamoDbNeeds, keyUseOf } from './needs.ts';

export interface DynamoDbBackend {
  host: string;
  port: number;
  /** what the server said of its end, should it have ended */
  lastWords(): string;
}

export interface ProxyOptions {
  account: string;
  region: string;
  projections: Projections;
}

/**
 * DynamoDB behind the gateway: checks each request against the caller's policies, then passes it on unchanged. Requests
 * over 16 MB end at the gateway; items over 400 KB and batches over 25, 100 or 25 statements are the engine's to refuse.
 */
export class DynamoDbService implements HttpService {
  readonly #backend: DynamoDbBackend;
  readonly #projections: Projections;
  readonly #tableArn: (name: string) => string;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 64 });

  constructor(backend: DynamoDbBackend, { account, region, projections }: ProxyOptions) {
    this.#backend = backend;
    this.#projections = projections;
    this.#tableArn = name => `arn:aws:dynamodb:${region}:${account}:table/${name}`;
  }

  async handle({ request, response, caller, authorizer }: Exchange): Promise<void> {
    const operation = readOperation(request);
    const body = await readBody(request);
    const input = parseInput(body);
    const key = keyUseOf(operation);
    const needs = dynamoDbNeeds(operation, input, this.#tableArn).map(need => ({ ...need, key }));
    authorizer.authorize(caller, needs);
    if (operation === 'Query' || operation === 'Scan') checkProjection(this.#projections, input);
    const answer = await this.#forward(request, body);
    // Whole, because a pipeline of streams for each answer costs more than all else here.
    const content = await readBody(answer, Number.POSITIVE_INFINITY);
    response.statusCode = answer.statusCode ?? 500;
    for (const name of ['content-type', 'content-length', 'x-amz-crc32'] as const) {
      const value = answer.headers[name];
      if (value !== undefined) response.setHeader(name, value);
    }
    response.end(content);
  }

  close(): void {
    this.#agent.destroy();
  }

  #forward(request: IncomingMessage, body: Buffer): Promise<IncomingMessage> {
    const { host, port } = this.#backend;
    const headers: Record<string, string | number> = { 'content-length': body.length };
    for (const name of ['x-amz-target', 'content-type', 'authorization', 'x-amz-date'] as const) {
      const value = request.headers[name];
      if (typeof value === 'string') headers[name] = value;
    }
    return new Promise((resolve, reject) => {
      const options = { host, port, method: 'POST', path: '/', headers, agent: this.#agent };
      const forwarded = httpRequest(options, resolve);
      forwarded.once('error', error => {
        const reason = this.#backend.lastWords() || error.message;
        reject(new ServiceError('InternalServerError', `the embedded DynamoDB is gone: ${reason}`, 500));
      });
      forwarded.end(body);
    });
  }
}
