import type { S3Client } from '@aws-sdk/client-s3';
import { findAccountRegions } from '../../../cli/backfill/account-regions.ts';
import { LogFiles, type Range } from '../../../cli/backfill/log-files.ts';
import { type RunningS3, startS3 } from '../../local/s3-support.ts';
import { asked, bucket, logKey, store } from './support.ts';

const [one, two] = ['111111111111', '222222222222'];
const early = logKey(one, 'us-east-1', '20250311T0905Z');
const early2 = logKey(two, 'eu-west-1', '20250311T0906Z');
const late = logKey(one, 'eu-west-1', '20250311T2355Z');
const before = logKey(one, 'us-east-1', '20250310T2355Z');
const next = logKey(one, 'us-east-1', '20250312T0000Z');

let server: RunningS3;
let s3: S3Client;
/** prefixes and positions that were listed */
let listed: (string | undefined)[] = [];

beforeAll(async () => {
  server = await startS3();
  s3 = server.client();
  s3.middlewareStack.add(
    handler => args => {
      const { Prefix, StartAfter } = args.input as { Prefix?: string; StartAfter?: string };
      listed.push(StartAfter ?? Prefix);
      return handler(args);
    },
    { step: 'initialize' },
  );
  await store(s3, [
    early,
    early2,
    late,
    before,
    next,
    `AWSLogs/${one}/CloudTrail-Digest/us-east-1/2025/03/11/digest.json.gz`,
    `AWSLogs/${one}/CloudTrail/us-east-1/2025/03/11/notes.txt`,
    // Named for another account than its folder's.
    early.replace(`${one}_`, `${two}_`),
    logKey(one, 'us-east-1', '20250311T1000Z', 'Ab12', 'audit/AWSLogs/o-abc123'),
    'other/AWSLogs-export/file.json',
  ]);
});
afterAll(() => server.close());
beforeEach(() => {
  listed = [];
});

const at = (account: string, region: string) => ({
  account,
  region,
  prefix: `AWSLogs/${account}/CloudTrail/${region}/`,
});

describe('accounts and regions', () => {
  test('are found by their folders', async () => {
    expect(await findAccountRegions(s3, asked)).toEqual([
      at(one, 'eu-west-1'),
      at(one, 'us-east-1'),
      at(two, 'eu-west-1'),
    ]);
    // One listing for the accounts, one for the regions of each: nothing below.
    expect(listed).toHaveLength(3);
  });

  test.each([
    [{ accounts: [two] }, [at(two, 'eu-west-1')]],
    [{ regions: ['us-east-1'] }, [at(one, 'us-east-1')]],
    [{ prefix: `AWSLogs/${two}/` }, [at(two, 'eu-west-1')]],
    [{ prefix: `AWSLogs/${one}/CloudTrail/us-east-1` }, [at(one, 'us-east-1')]],
  ])('narrowed to %j', async (narrowed, accountRegions) => {
    expect(await findAccountRegions(s3, { ...asked, ...narrowed })).toEqual(accountRegions);
  });

  test.each(['audit', 'audit/', 'audit/AWSLogs/', 'audit/AWSLogs/o-abc123'])(
    "an organization's are below its id: %s",
    async prefix => {
      const folder = `audit/AWSLogs/o-abc123/${one}/CloudTrail/us-east-1/`;
      expect(await findAccountRegions(s3, { ...asked, prefix })).toEqual([
        { account: one, region: 'us-east-1', prefix: folder },
      ]);
    },
  );

  test.each([
    [{ accounts: ['333333333333'] }, 'no log files of account 333333333333'],
    [{ regions: ['us-west-2'] }, 'no log files of region us-west-2'],
    [{ prefix: 'nowhere' }, 'has no folder AWSLogs/ACCOUNT/CloudTrail/REGION'],
    [{ prefix: `AWSLogs/${one}/CloudTrail/us-east-1/2025` }, 'is too long a prefix'],
    [{ prefix: `AWSLogs/${one}/CloudTrail-Digest` }, 'is too long a prefix'],
  ])('%j: %s', async (wrong, sentence) => {
    await expect(findAccountRegions(s3, { ...asked, ...wrong })).rejects.toThrow(sentence);
  });
});

describe('log files', () => {
  const accountRegions = [at(one, 'eu-west-1'), at(one, 'us-east-1'), at(two, 'eu-west-1')];
  const list = async (range: Partial<Range>) => {
    const files = new LogFiles(s3, bucket, { from: asked.from, to: asked.to, after: null, ...range });
    const keys: string[] = [];
    for await (const { key } of files.of(accountRegions)) keys.push(key);
    return { keys, others: files.others };
  };

  test('of all accounts and Regions come in the order of delivery, those of the days asked for only', async () => {
    expect(await list({})).toEqual({ keys: [early, early2, late], others: 2 });
    // One listing for each at, from the first day on.
    expect(listed).toEqual(accountRegions.map(({ prefix }) => `${prefix}2025/03/11`));
  });

  test('the time in the name decides, to the minute; the end does not belong', async () => {
    expect((await list({ from: '20250311T0906Z', to: '20250311T2355Z' })).keys).toEqual([early2]);
    expect((await list({ from: '20250310T0000Z', to: '20250312T0001Z' })).keys).toEqual([
      before,
      early,
      early2,
      late,
      next,
    ]);
  });

  test('go on behind a key, in every at', async () => {
    expect((await list({ after: early })).keys).toEqual([early2, late]);
    expect((await list({ after: early2 })).keys).toEqual([late]);
    expect((await list({ after: late })).keys).toEqual([]);
  });

  test('more than a page of them', async () => {
    const many = Array.from({ length: 8 }, (_, index) =>
      logKey('444444444444', 'us-east-1', '20250311T0100Z', String(index)),
    );
    await store(s3, many);
    listed = [];
    const range = { from: asked.from, to: asked.to, after: many[2] ?? '' };
    const files = new LogFiles(s3, bucket, range, 3);
    const keys: string[] = [];
    for await (const { key, size, etag } of files.of([at('444444444444', 'us-east-1')])) {
      keys.push(key);
      expect([size, etag]).toEqual([100, expect.stringMatching(/^[0-9a-f]{32}$/)]);
    }
    expect(keys).toEqual(many.slice(3));
    // Those of the same minute that were sent already are listed once more: 8 keys in pages of 3.
    expect(listed).toHaveLength(3);
  });
});
