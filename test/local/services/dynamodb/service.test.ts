import { createServer, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { createGateway } from '../../../../local/gateway/gateway.ts';
import { DynamoDbService } from '../../../../local/services/dynamodb/service.ts';
import { signedHeaders } from '../../signing.ts';

const operator = {
  kind: 'operator' as const,
  name: 'operator',
  arn: 'arn:aws:iam::111122223333:user/operator',
};
/** More than the proxy has connections. */
const many = 70;

let backend: Server;
let service: DynamoDbService;
let gateway: ReturnType<typeof createGateway>;
let held: ServerResponse[] | null = [];

const answer = (response: ServerResponse) => response.end('{"TableNames":["one"]}');

beforeAll(async () => {
  backend = createServer((request, response) => {
    request.resume();
    if (held) held.push(response);
    else answer(response);
  });
  await new Promise<void>(resolve => backend.listen(0, '127.0.0.1', resolve));
  const { port } = backend.address() as AddressInfo;
  const place = { account: '111122223333', region: 'eu-west-1', projections: new Map() };
  service = new DynamoDbService({ host: '127.0.0.1', port, lastWords: () => '' }, place as never);
  gateway = createGateway({
    services: { dynamodb: service },
    authorizer: { authorize: () => undefined } as never,
    callers: () => ({ caller: operator, key }),
  });
});
afterAll(async () => {
  await gateway.close();
  service.close();
  backend.close();
});

const key = { accessKeyId: 'A', secretAccessKey: 's' };

function requestTo(url: string): string {
  const body = '{}';
  const headers = signedHeaders({
    ...{ url, body, key, service: 'dynamodb' },
    headers: { 'x-amz-target': 'DynamoDB_20120810.ListTables' },
  });
  const lines = Object.entries({ ...headers, 'content-length': body.length });
  return ['POST / HTTP/1.1', ...lines.map(([name, value]) => `${name}: ${value}`), '', body].join('\r\n');
}

async function until(what: () => boolean): Promise<void> {
  while (!what()) await new Promise(setImmediate);
}

test('clients that went away before their answer came hold no connection', async () => {
  // Given
  const endpoint = await gateway.listen();
  const clients = Array.from({ length: many }, () => {
    const client = connect(Number(new URL(endpoint).port), '127.0.0.1');
    client.write(requestTo(endpoint));
    return client;
  });
  await until(() => held?.length === 64);
  const closed = clients.map(client => new Promise(resolve => client.once('close', resolve)));
  for (const client of clients) client.destroy();
  await Promise.all(closed);
  // When: the server hears of it before the answers come
  for (let turn = 0; turn < 10; turn += 1) await new Promise(setImmediate);
  for (const response of held ?? []) answer(response);
  held = null;
  // Then
  const client = new DynamoDBClient({ endpoint, region: 'eu-west-1', credentials: key });
  expect((await client.send(new ListTablesCommand({}))).TableNames).toEqual(['one']);
  client.destroy();
});
