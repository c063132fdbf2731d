import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Cloud } from '@roletrail/local';
import { openState } from '../../cli/deployment/local-cloud.ts';
import { identityCases } from '../core/linking/identity-case.ts';
import { inProcess } from './in-process.ts';
import { temporaryFolder } from './roletrail.ts';

const folder = temporaryFolder();
const state = join(folder, 'state');
const account = '185353488042';
const role = `arn:aws:iam::${account}:role/AppAdmin`;
let cloud: Cloud | undefined;
const ask = (...words: string[]) => inProcess([...words, '--state', state]);

/** Logs of an account, and of a role, that no configuration here names; the issuance was asked with an external id. */
beforeAll(async () => {
  const found = identityCases().find(({ name }) => name === 'who by session principal');
  const [issuance, ...calls] = structuredClone(found?.records ?? []) as Record<string, object>[];
  Object.assign(issuance?.requestParameters ?? {}, { externalId: 'vendor-\u202e2026' });
  const day = join(folder, 'logs/AWSLogs', account, 'CloudTrail/us-east-1/2025/03/07');
  mkdirSync(day, { recursive: true });
  const file = `${account}_CloudTrail_us-east-1_20250307T1010Z_AbCdEfGhIjKlMnOp.json`;
  writeFileSync(join(day, file), JSON.stringify({ Records: [issuance, ...calls] }));
  expect(await ask('replay', join(folder, 'logs'), '--roles', '*')).toMatchObject({ status: 0 });
  // One for all questions: each command would start its own.
  cloud = await openState(state);
});
afterAll(() => cloud?.close());

test('sessions lists what was replayed, not the roles of a configuration', async () => {
  const { out } = await ask('sessions', '--json');
  expect((JSON.parse(out) as { roleArn: string }[]).map(({ roleArn }) => roleArn)).toEqual([role]);
  expect((await ask('sessions')).out).toContain('irene (user, account 185353488042)');
});

test.each([
  'AppAdmin',
  'appadmin',
  'some/path/AppAdmin',
  role,
  `arn:aws:sts::${account}:assumed-role/AppAdmin/irene-cli`,
])('--role %s is the role that these logs hold, of whatever account', async text => {
  const { status, out } = await ask('sessions', '--role', text, '--json');
  expect([status, JSON.parse(out).length]).toEqual([0, 1]);
});

// What userIdentity, GuardDuty and AccessDenied messages show
test.each([
  `arn:aws:sts::${account}:assumed-role/AppAdmin/irene-cli`,
  'AROA2XFDE2IUP3OBGOG2M:irene-cli',
  'IRENE-cli',
  'irene',
])('who %s names irene, with the external id of the hop made safe', async subject => {
  const { status, out } = await ask('who', subject);
  expect(status).toBe(0);
  expect(out).toContain('user/irene');
  expect(out).toContain('the external id vendor-\\u{202e}2026');
});

test('who in JSON says what the name is to each session', async () => {
  const { out } = await ask('who', 'Irene-CLI', '--json');
  const found = JSON.parse(out) as { sessions: { session: string }[] };
  const session = found.sessions[0]?.session ?? '';
  expect(found).toMatchObject({ kind: 'name', as: { [session]: 'chosen' }, more: 0, uncounted: false });
});

test('export tells the calls of all that was replayed', async () => {
  const { out } = await ask('export', '--since', '2025-03-07');
  expect(out.trim().split('\n').length).toBeGreaterThanOrEqual(1);
  expect(out).toContain('DeleteBucket');
});
