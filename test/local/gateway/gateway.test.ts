import { type Caller, type JsonService, ServiceError } from '../../../local/contract.ts';
import type { KeyOwner } from '../../../local/gateway/caller.ts';
import { createGateway, type Gateway, type GatewayOptions } from '../../../local/gateway/gateway.ts';
import type { SigningKey } from '../../../local/gateway/signature.ts';
import { signedHeaders } from '../signing.ts';

const operator: Caller = {
  kind: 'operator',
  name: 'operator',
  arn: 'arn:aws:iam::111122223333:user/operator',
};
const role: Caller = {
  kind: 'role',
  name: 'PersistRole',
  arn: 'arn:aws:sts::111122223333:assumed-role/Persist/persist',
};
const keys = {
  OPERATOR: { accessKeyId: 'OPERATOR', secretAccessKey: 'of the operator' },
  PERSIST: { accessKeyId: 'PERSIST', secretAccessKey: 'of the role', sessionToken: 'token' },
};
const owners: Record<string, KeyOwner> = {
  OPERATOR: { caller: operator, key: keys.OPERATOR },
  PERSIST: { caller: role, key: keys.PERSIST },
};
const callers = (accessKeyId: string) => owners[accessKeyId];

const echo: JsonService = {
  needs: operation => [{ action: `states:${operation}`, resource: '*' }],
  async call(operation, input, caller) {
    if (operation === 'Fault') throw new TypeError('a fault of the service');
    if (operation !== 'Echo')
      throw new ServiceError('UnknownOperationException', `${operation} is not supported`);
    return { input, caller: caller.name };
  },
};

let gateway: Gateway;
let endpoint: string;
async function open(options: Partial<GatewayOptions> = {}) {
  gateway = createGateway({
    services: { states: echo },
    authorizer: { authorize() {}, authorizeKey() {} },
    callers,
    ...options,
  });
  endpoint = await gateway.listen();
}
afterEach(() => gateway.close());

/** A signed request; `headers` go along as they are, in place of what is signed. */
async function call(
  operation: string,
  body: string,
  { key = keys.OPERATOR, service = 'states', signed = {}, headers = {}, time = Date.now() }: How = {},
) {
  const response = await fetch(endpoint, {
    method: 'POST',
    body,
    headers: {
      ...signedHeaders({
        ...{ url: endpoint, body, service, key, time },
        headers: {
          'content-type': 'application/x-amz-json-1.0',
          'x-amz-target': `AWSStepFunctions.${operation}`,
          ...signed,
        },
      }),
      ...headers,
    },
  });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

interface How {
  key?: SigningKey;
  service?: string;
  signed?: Record<string, string>;
  headers?: Record<string, string>;
  /** milliseconds since 1970 */
  time?: number;
}

describe('a request on its way to a JSON service', () => {
  beforeEach(() => open());

  test('carries operation, input and caller, and its answer an id', async () => {
    const answer = await call('Echo', '{"name":"Grüße"}', { key: keys.PERSIST });

    expect(answer.status).toBe(200);
    expect(JSON.parse(answer.text)).toEqual({ input: { name: 'Grüße' }, caller: 'PersistRole' });
    expect(answer.headers.get('x-amzn-requestid')).toMatch(/^[0-9a-f-]{36}$/);
    expect(answer.headers.get('content-type')).toBe('application/x-amz-json-1.0');
  });

  test.each([
    [
      'an unknown operation',
      'Nothing',
      '{}',
      {},
      400,
      'UnknownOperationException',
      'Nothing is not supported',
    ],
    [
      'no target',
      'Echo',
      '{}',
      { signed: { 'x-amz-target': '' } },
      400,
      'UnknownOperationException',
      'POST / has no X-Amz-Target',
    ],
    ['a body that is not JSON', 'Echo', '{', {}, 400, 'SerializationException', 'not JSON'],
    ['a body that is a list', 'Echo', '[]', {}, 400, 'SerializationException', 'is not a JSON object'],
    [
      'an unknown key',
      'Echo',
      '{}',
      { key: { accessKeyId: 'NOBODY', secretAccessKey: 's' } },
      403,
      'UnrecognizedClientException',
      'security token',
    ],
    [
      'an older signature',
      'Echo',
      '{}',
      { headers: { authorization: 'AWS AKID:sig' } },
      403,
      'IncompleteSignatureException',
      'AWS4-HMAC-SHA256',
    ],
    ['a service that is not there', 'Echo', '{}', { service: 'kinesis' }, 501, 'UnknownService', 'kinesis'],
    [
      'a service named like a property of every object',
      'Echo',
      '{}',
      { service: 'constructor' },
      501,
      'UnknownService',
      'constructor',
    ],
  ])('with %s is refused by name', async (_, operation, body, how, status, code, words) => {
    const answer = await call(operation, body, how as How);

    expect(answer.status).toBe(status);
    expect(JSON.parse(answer.text)).toEqual({ __type: code, message: expect.stringContaining(words) });
    expect(answer.headers.get('x-amzn-requestid')).toBeTruthy();
  });

  test.each([
    ['under a key whose secret it does not know', { key: { ...keys.OPERATOR, secretAccessKey: 'operator' } }],
    ['with the signature of another body', { headers: { authorization: '' } }],
    ['of a role that does not show its token', { key: { ...keys.PERSIST, sessionToken: 'another' } }],
    ['signed an hour ago', { time: Date.now() - 3_600_000 }],
  ])('%s is refused before the service hears of it', async (_, how) => {
    const calls: string[] = [];
    await gateway.close();
    await open({
      services: { states: { ...echo, call: async operation => ({ done: calls.push(operation) }) } },
    });
    const authorization = {
      authorization:
        signedHeaders({ url: endpoint, body: '{"a":1}', service: 'states', key: keys.OPERATOR, headers: {} })
          .authorization ?? '',
    };

    const answer = await call('Echo', '{}', 'headers' in how ? { headers: authorization } : how);

    expect(answer.status).toBe(403);
    expect(JSON.parse(answer.text).__type).toMatch(
      /^(?:InvalidSignatureException|UnrecognizedClientException)$/,
    );
    expect(calls).toEqual([]);
  });

  test('without a signature is refused', async () => {
    const response = await fetch(endpoint, { method: 'POST', body: '{}' });

    expect(response.status).toBe(403);
    expect(await response.json()).toMatchObject({ __type: 'MissingAuthenticationToken' });
  });

  test('of 17 MB is answered, not reset', async () => {
    const answer = await call('Echo', `{"x":"${'x'.repeat(17 * 1024 * 1024)}"}`);

    expect(answer.status).toBe(413);
    expect(JSON.parse(answer.text)).toMatchObject({ __type: 'RequestEntityTooLarge' });
  });

  test('of the query protocol gets its error as XML', async () => {
    const answer = await call('Echo', 'Action=Publish', {
      service: 'sns',
      signed: { 'content-type': 'application/x-www-form-urlencoded' },
    });

    expect(answer.text).toContain('<ErrorResponse><Error><Type>Receiver</Type><Code>UnknownService</Code>');
  });
});

test('a fault of a service answers 500 with its reason and is reported', async () => {
  const faults: unknown[] = [];
  await open({ onFault: error => faults.push(error) });

  const answer = await call('Fault', '{}');

  expect(answer.status).toBe(500);
  expect(JSON.parse(answer.text)).toEqual({
    __type: 'InternalFailure',
    message: 'TypeError: a fault of the service',
  });
  expect(faults).toEqual([new TypeError('a fault of the service')]);
});

test('a request that is not granted never reaches the service', async () => {
  const calls: string[] = [];
  await open({
    services: { states: { ...echo, call: async operation => ({ done: calls.push(operation) }) } },
    authorizer: {
      authorize(who, [need]) {
        const name = who.kind === 'service' ? '' : who.name;
        throw new ServiceError('AccessDeniedException', `${name} may not ${need?.action}`);
      },
      authorizeKey() {},
    },
  });

  const answer = await call('Echo', '{}', { key: keys.PERSIST });

  expect(JSON.parse(answer.text)).toEqual({
    __type: 'AccessDeniedException',
    message: 'PersistRole may not states:Echo',
  });
  expect(calls).toEqual([]);
});

test('closing lets the request under way end, although its connection is kept alive', async () => {
  let release = () => {};
  let arrived = () => {};
  const here = new Promise<void>(resolve => {
    arrived = resolve;
  });
  const held = new Promise<void>(resolve => {
    release = resolve;
  });
  await open({
    services: {
      states: {
        ...echo,
        async call() {
          arrived();
          await held;
          return { done: true };
        },
      },
    },
  });

  const answer = call('Echo', '{}');
  await here;
  const closed = gateway.close();
  release();

  expect(JSON.parse((await answer).text)).toEqual({ done: true });
  await closed;
  await expect(fetch(endpoint)).rejects.toThrow();
  await open();
});
