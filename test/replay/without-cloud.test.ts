import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { project, type Ran, roletrail, temporaryFolder } from './roletrail.ts';

const folder = temporaryFolder();
const state = join(folder, 'state');

/** As elsewhere than on Linux x64: npm installs no program of the embedded DynamoDB. */
const hide = join(folder, 'hide.cjs');
writeFileSync(
  hide,
  `const loader = require('node:module');
  const resolve = loader._resolveFilename;
  loader._resolveFilename = function (name, ...more) {
    if (!name.startsWith('@dynoxide/')) return resolve.call(this, name, ...more);
    throw Object.assign(new Error(name), { code: 'MODULE_NOT_FOUND' });
  };`,
);
const run = (...words: string[]): Promise<Ran> =>
  roletrail([...words, '--state', state], {
    NODE_OPTIONS: `--require ${hide}`,
    ROLETRAIL_DYNAMODB_ENDPOINT: undefined,
  });

describe('where the embedded cloud cannot run', () => {
  let started: Ran;
  beforeAll(async () => {
    started = await run('start');
  });

  test('start traces the samples, says so, and tells the same stories', () => {
    expect(started.status).toBe(0);
    expect(started.err).toContain(
      'this traces the samples: to replay them through what is deployed needs the embedded cloud',
    );
    expect(started.err).toContain('ROLETRAIL_DYNAMODB_ENDPOINT');
    for (const told of [
      'jsmith (user, account 111111111111) → CrossAccountTest',
      'mreyes (user, account 111111111111) → CrossAccountTest → DataAdmin',
      'no issuance of this credential to this principal was seen',
      '16 log files, 178 records: 141 kept (44 duplicates), 37 not relevant',
    ])
      expect(started.out).toContain(told);
  });

  test('look-ups ask what it traced', async () => {
    const who = await run('who', '099ff820-00f2-4500-94fc-2b9da26d576f');
    expect(who).toMatchObject({ status: 0, err: '' });
    expect(who.out).toContain('jsmith');
    expect((await run('sessions', '--unlinked')).out).toContain('no issuance of this credential');
  });

  test('replay says what it needs, and the ways out', async () => {
    const { status, err } = await run('replay', join(project, 'samples', 'article', 'input'));
    expect(status).toBe(1);
    expect(err).toMatch(/needs the embedded cloud, .*ROLETRAIL_DYNAMODB_ENDPOINT; roletrail trace answers/);
  });
});
