import { spawn } from 'node:child_process';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { Cloud } from '../../../local/cloud/cloud.ts';
import { startCloud } from '../../../local/index.ts';
import { temporaryFolder } from '../assembly-fixture.ts';
import { assemble, resources } from '../cloud-fixture.ts';

/** `nobody`, on every system. */
const somebodyElse = 65_534;
// Only root may act as another user.
const asRoot = process.getuid?.() === 0 ? describe : describe.skip;

/** What another user tries who knows where the state folder lies; each answer in its place. */
const attempts = `
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
const [state, endpoint, owner] = process.argv.slice(1);
const attempt = work => { try { return work(); } catch (error) { return error.code; } };
const target = 'DynamoDB_20120810.ListTables';
const ask = async (address, headers) => {
  const response = await fetch(address, { method: 'POST', body: '{}', headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': target, ...headers } })
    .catch(() => null);
  return response && { status: response.status, text: await response.text() };
};
const signed = key => ({
  authorization: 'AWS4-HMAC-SHA256 Credential=' + key + '/20260101/eu-west-1/dynamodb/aws4_request, SignedHeaders=host, Signature=00',
  'x-amz-date': '20260101T000000Z',
});
/** Everybody may read who listens where: address and port, in hexadecimal, and the user. */
const listening = readFileSync('/proc/net/tcp', 'utf8').split('\\n').slice(1).map(line => line.trim().split(/\\s+/))
  .filter(fields => fields[3] === '0A' && fields[7] === owner)
  .map(fields => fields[1].split(':'))
  .map(([address, port]) => 'http://' + address.match(/../g).reverse().map(byte => parseInt(byte, 16)).join('.') + ':' + parseInt(port, 16))
  .filter(address => address.startsWith('http://127.') && address !== endpoint);
const engines = [];
for (const address of listening) {
  const answer = await ask(address, signed('ANY'));
  if (answer?.text.includes('TableNames')) engines.push({ address, ...answer });
}
console.log(JSON.stringify({
  user: process.getuid(),
  list: attempt(() => readdirSync(state)),
  secret: attempt(() => readFileSync(state + '/running.json', 'utf8')),
  table: attempt(() => readFileSync(state + '/dynamodb/tables.sqlite')),
  plant: attempt(() => writeFileSync(state + '/cdk.out', 'code')),
  unsigned: await ask(endpoint, {}),
  keyOfBefore: await ask(endpoint, signed('AKIAROLETRAILOPERATE')),
  engines,
}));`;

interface Tried {
  user: number;
  list: string;
  secret: string;
  table: string;
  plant: string;
  unsigned: { status: number };
  keyOfBefore: { status: number };
  engines: { address: string; status: number; text: string }[];
}

asRoot('what another user of the machine can do (to be tried as root)', () => {
  let cloud: Cloud;
  let tried: Tried;
  const state = join(temporaryFolder(), 'state');

  beforeAll(async () => {
    const Table = {
      Type: 'AWS::DynamoDB::Table',
      Properties: {
        TableName: 'evidence-of-another-user',
        KeySchema: [{ AttributeName: 'eventID', KeyType: 'HASH' }],
        AttributeDefinitions: [{ AttributeName: 'eventID', AttributeType: 'S' }],
        BillingMode: 'PAY_PER_REQUEST',
      },
    };
    cloud = await startCloud({ assembly: assemble({ ...resources(), Table }), state });
    tried = JSON.parse(await asAnother(attempts, [state, cloud.endpoint, `${process.getuid?.()}`]));
  });
  afterAll(() => cloud?.close());

  test('it reads and writes nothing of the state folder', () => {
    expect(statSync(state).mode & 0o777).toBe(0o700);
    expect(tried).toMatchObject({
      ...{ user: somebodyElse, list: 'EACCES', secret: 'EACCES', table: 'EACCES', plant: 'EACCES' },
    });
  });

  test('the gateway answers it nothing, whatever it knows of an earlier run', () => {
    expect(tried).toMatchObject({ unsigned: { status: 403 }, keyOfBefore: { status: 403 } });
  });

  // SECURITY.md says so: the engine of the table has no password. When this fails, that sentence can go.
  test('it finds the engine of the table, where the system tells everybody who listens', () => {
    const ours = tried.engines.filter(({ text }) => text.includes('evidence-of-another-user'));
    expect(ours).toMatchObject([{ status: 200 }]);
    expect(ours[0]?.address).not.toContain('//127.0.');
  });
});

function asAnother(script: string, words: string[]): Promise<string> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', script, ...words], {
    ...{ cwd: '/', uid: somebodyElse, gid: somebodyElse, env: { PATH: process.env.PATH } },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let out = '';
  child.stdout.setEncoding('utf8').on('data', text => {
    out += text;
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', () => resolve(out));
  });
}
