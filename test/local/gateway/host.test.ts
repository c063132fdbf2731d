import { request as httpRequest } from 'node:http';
import type { JsonService } from '../../../local/contract.ts';
import { createGateway, type Gateway } from '../../../local/gateway/gateway.ts';
import { signedHeaders } from '../signing.ts';

const operator = {
  kind: 'operator',
  name: 'operator',
  arn: 'arn:aws:iam::111122223333:user/operator',
} as const;
const key = { accessKeyId: 'OPERATOR', secretAccessKey: 'of the operator' };
const asked: string[] = [];
const states: JsonService = {
  needs: () => [],
  call: async operation => ({ done: asked.push(operation) }),
};

let gateway: Gateway;
let endpoint: string;
let port: string;

beforeAll(async () => {
  gateway = createGateway({
    services: { states },
    authorizer: { authorize() {}, authorizeKey() {} },
    callers: id => (id === key.accessKeyId ? { caller: operator, key } : undefined),
  });
  endpoint = await gateway.listen();
  port = new URL(endpoint).port;
});
afterAll(() => gateway.close());
beforeEach(() => {
  asked.length = 0;
});

interface Answer {
  status: number;
  headers: Record<string, unknown>;
  text: string;
}

/** A request to 127.0.0.1, rightly signed for the host that it names. */
function ask(host: string, more: Record<string, string> = {}, method = 'POST'): Promise<Answer> {
  const headers = signedHeaders({
    ...{ method, url: `http://${host}`, body: method === 'POST' ? '{}' : '', service: 'states', key },
    headers: { 'x-amz-target': 'AWSStepFunctions.Echo' },
  });
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      { host: '127.0.0.1', port, method, headers: { ...headers, ...more } },
      response => {
        let text = '';
        response.setEncoding('utf8').on('data', data => {
          text += data;
        });
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, text }),
        );
      },
    );
    request.on('error', reject);
    request.end(method === 'POST' ? '{}' : undefined);
  });
}

test.each(['127.0.0.1', 'localhost'])('a request to %s is taken', async name => {
  expect(await ask(`${name}:${port}`)).toMatchObject({ status: 200, text: '{"done":1}' });
});

test.each([
  ['a name that was made to point here', () => `rebound.example:${port}`],
  ['a name that begins like this machine', () => `127.0.0.1.example:${port}`],
  ['a name that ends like this machine', () => `notlocalhost:${port}`],
  ['an address of the network', () => `192.168.0.1:${port}`],
  ['AWS itself', () => 'states.eu-west-1.amazonaws.com'],
  ['another port of this machine', () => `127.0.0.1:${Number(port) - 1}`],
  ['no port', () => '127.0.0.1'],
])('a request under %s is refused, although it is signed', async (_, host) => {
  const answer = await ask(host());

  expect(answer).toMatchObject({ status: 421, text: expect.stringContaining('WrongHost') });
  expect(asked).toEqual([]);
});

test.each([
  ['a page of another site', { origin: 'https://example.com' }],
  ['a page without an origin: of a file, a sandboxed frame', { origin: 'null' }],
  ['a page that came from this very address', { origin: 'http://127.0.0.1' }],
  ['a page that asks without telling its origin, as for an image', { 'sec-fetch-site': 'cross-site' }],
  ['an address that was typed into a browser', { 'sec-fetch-site': 'none' }],
])('a request of %s is refused, although it is signed', async (_, headers) => {
  const answer = await ask(`127.0.0.1:${port}`, headers);

  expect(answer).toMatchObject({ status: 403, text: expect.stringContaining('BrowserRequest') });
  expect(asked).toEqual([]);
});

test('a browser that asks whether a page may ask hears no', async () => {
  const preflight = { origin: 'https://example.com', 'access-control-request-method': 'DELETE' };

  const answer = await ask(`127.0.0.1:${port}`, preflight, 'OPTIONS');

  expect(answer.status).toBe(403);
  expect(Object.keys(answer.headers).filter(name => name.startsWith('access-control'))).toEqual([]);
});
