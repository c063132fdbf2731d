import type { IncomingMessage, ServerResponse } from 'node:http';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { type Authorizer, type Caller, ServiceError } from '../../local/contract.ts';
import type { HttpService } from '../../local/gateway/gateway.ts';
import { answerJson, withBody } from '../../local/gateway/json.ts';

/**
 * For the configuration of a client that sends straight to a service: nobody verifies its signature, so it makes none. The engine
 * wants to see one all the same.
 */
export const unsigned = {
  signer: {
    sign: async <R extends { headers: Record<string, string> }>(request: R): Promise<R> => {
      request.headers.authorization =
        'AWS4-HMAC-SHA256 Credential=nobody/20250602/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=none';
      request.headers['x-amz-date'] = '20250602T000000Z';
      return request;
    },
  },
};

/** Hands what the client would send to the service, which checks and answers it as ever; who signed it is not verified. */
export function sendStraightTo(
  service: HttpService,
  { client, caller, authorizer }: { client: DynamoDBClient; caller: Caller; authorizer: Authorizer },
): void {
  const send = async (sent: Sent) => {
    const request = withBody(sent as unknown as IncomingMessage, sent.body);
    const answer = new Answer();
    const response = answer as unknown as ServerResponse;
    try {
      await service.handle({ request, response, caller, requestId: 'straight', authorizer });
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      answerJson(response, error.status, { __type: error.code, message: error.message }, request);
    }
    return answer;
  };
  // The last of the client's steps, where its own would open a connection.
  client.middlewareStack.add(
    () => async args => ({ response: await send(args.request as Sent), output: { $metadata: {} } }),
    { step: 'deserialize', priority: 'low' },
  );
}

interface Sent {
  headers: Record<string, string>;
  body: Buffer;
}

/** What a service writes, as the SDK reads it. */
class Answer {
  statusCode = 200;
  readonly headers: Record<string, unknown> = {};
  body: Buffer | undefined;

  setHeader(name: string, value: unknown): void {
    this.headers[name] = value;
  }

  writeHead(status: number, headers: Record<string, unknown>): void {
    this.statusCode = status;
    Object.assign(this.headers, headers);
  }

  end(body: Buffer): void {
    this.body = body;
  }
}
