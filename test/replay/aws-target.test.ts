import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startCloud } from '../../local/cloud.ts';
import type { Cloud } from '../../local/contract.ts';
import {
  type CallLine,
  project,
  readJson,
  readLines,
  roletrail,
  type Summary,
  temporaryFolder,
} from './roletrail.ts';

jest.setTimeout(60_000);

const folder = temporaryFolder();
const state = join(folder, 'state');
const incident = join(project, 'samples', 'incident', 'input');
const article = join(project, 'samples', 'article', 'input');

describe('a replay against AWS, which the SDK is told is here', () => {
  let cloud: Cloud;
  const outputs = join(folder, 'outputs.json');

  /** A command with nothing but what a user of a deployed stack has: an outputs file and credentials. */
  const onAws = (...words: string[]) =>
    roletrail([...words, '--target', 'aws', '--outputs', outputs], {
      AWS_ENDPOINT_URL: cloud.endpoint,
      AWS_ACCESS_KEY_ID: cloud.credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: cloud.credentials.secretAccessKey,
      AWS_REGION: 'eu-central-1',
    });

  beforeAll(async () => {
    const prepared = await roletrail(['replay', incident, '--state', state, '--out', join(folder, 'local')]);
    expect(prepared).toMatchObject({ status: 0 });
    cloud = await startCloud({ assembly: join(state, 'cdk.out'), state });
    writeFileSync(outputs, JSON.stringify(cloud.outputs));
  });
  afterAll(() => cloud.close());

  test('starts executions, prints their console addresses, and reports like a local one', async () => {
    const out = join(folder, 'article');
    const ran = await onAws('replay', article, '--out', out);
    expect(ran).toMatchObject({ status: 0 });
    const addresses = ran.err.match(
      /^https:\/\/us-east-1\.console\.aws\.amazon\.com\/states\/home\?region=us-east-1#\/v2\/executions\/details\/arn:aws:states:us-east-1:999999999999:execution:\S+:replay-\d{8}T\d{9}Z-\d+$/gm,
    );
    expect(addresses).toHaveLength(2);
    expect(readLines<CallLine>(out, 'calls.ndjson')).toMatchObject([
      {
        eventID: '099ff820-00f2-4500-94fc-2b9da26d576f',
        status: 'linked',
        issuerEventIDs: ['e5a09871-dc41-4979-8cd3-e6e0fdf5ebaf'],
        origin: { arn: 'arn:aws:iam::111111111111:user/jsmith' },
      },
    ]);
    expect(readJson<Summary>(out, 'summary.json')).toMatchObject({
      files: 1,
      records: 2,
      kept: 2,
      executions: { succeeded: 2, failed: 0 },
    });
  });

  test('nothing runs twice: the trail bucket announces none of the files', async () => {
    await cloud.idle();
    const { out } = await onAws('executions', '--json', '--limit', '1000');
    const replays = (JSON.parse(out) as { name: string }[]).filter(
      ({ name }) => !/^(logs|events)-/.test(name),
    );
    expect(replays).toHaveLength(2);
  });

  test('says the same as a local replay of the same input', async () => {
    const out = join(folder, 'incident');
    expect(await onAws('replay', incident, '--out', out)).toMatchObject({ status: 0 });
    for (const file of ['calls.ndjson', 'sessions.ndjson']) {
      expect(readFileSync(join(out, file), 'utf8')).toBe(readFileSync(join(folder, 'local', file), 'utf8'));
    }
  });

  test('names what it refuses, and keeps it in quarantine', async () => {
    const strange = join(folder, 'strange.json');
    writeFileSync(strange, '{"hello": "world"}');
    const ran = await onAws('replay', strange);
    expect(ran).toMatchObject({ status: 3 });
    expect(ran.out).toContain(`${strange}: UnknownMessage`);
    expect(ran.out).toMatch(/kept in quarantine\/\S+refused\.ndjson/);
  });

  test('options that only a local replay has are wrong usage', async () => {
    for (const words of [['--fresh'], ['--roles', '*']]) {
      expect(await onAws('replay', article, ...words)).toMatchObject({ status: 2 });
    }
    expect(existsSync(join(state, 'cdk.out'))).toBe(true);
  });
});
