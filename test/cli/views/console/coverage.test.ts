import type { DigestRecord } from '../../../../core/digests/records.ts';
import { page } from './deployment-fixture.ts';

const digestFolder = 'AWSLogs/999999999999/CloudTrail-Digest/';
const uriOf = (hour: number, region = 'us-east-1') =>
  `s3://trail/${digestFolder}${region}/2025/03/11/999999999999_CloudTrail-Digest_${region}_main_us-east-1_20250311T0${hour}0000Z.json.gz`;
const digest = (hour: number, more: Partial<DigestRecord> = {}): DigestRecord => ({
  uri: uriOf(hour),
  startTime: `2025-03-11T0${hour - 1}:00:00Z`,
  endTime: `20250311T0${hour}0000Z`,
  problem: null,
  reason: null,
  chain: 'whole',
  hash: 'h',
  signature: 's',
  files: 2,
  tampered: 0,
  at: '2025-03-11T12:00:00Z',
  ...more,
});
/** A trail bucket with these keys. */
const bucketOf = (...keys: string[]) => ({
  objects: new Map(keys.map(key => [key, { bytes: Buffer.alloc(0), metadata: {} }])),
});
const both = bucketOf(...['us-east-1', 'eu-west-1'].map(region => `${digestFolder}${region}/one.json.gz`));
const path = '/coverage?day=2025-03-11';

describe('the digests of a day', () => {
  test('are counted by region, also where no log file was read', async () => {
    const text = await page({ ...both, digests: [digest(1), digest(2)] }, path);
    expect(text).toContain('Nothing was delivered on 2025-03-11');
    expect(text).toMatch(/us-east-1<\/code><\/td><td class="n">2<\/td><td class="n">4<\/td>/);
    expect(text).toContain('unchanged');
    expect(text).not.toContain('eu-west-1');
  });

  test('say what is not as it was, made safe', async () => {
    const amiss = [
      digest(1, { uri: uriOf(1, 'eu-west-1'), problem: 'signature-differs', reason: 'its <b>signature</b>' }),
      digest(2, { uri: uriOf(2, 'eu-west-1'), tampered: 1 }),
    ];
    const text = await page({ ...both, digests: amiss }, path);
    expect(text).toContain('signature-differs: its &lt;b&gt;signature&lt;/b&gt;');
    expect(text).toContain('1 log file not matching it');
    expect(text).not.toContain('unchanged');
  });

  test('that never came are said to be none', async () => {
    expect(await page(both, path)).toContain('No digest of that day was checked');
  });
});

describe('the page opens', () => {
  const delivered = (account: string, root = 'AWSLogs') => {
    const key = `${root}/${account}/CloudTrail/us-east-1/2026/09/17/${account}_CloudTrail_us-east-1_20260917T1105Z_a.json.gz`;
    const read = { etag: 'e', execution: 'x', at: '2026-09-17T12:00:00Z', earliest: null, reads: false };
    return { key, files: [{ ...read, bucket: 'trail', key }] };
  };

  test('at an account that something was delivered for, not at the one that the stack is made for', async () => {
    const { key, files } = delivered('310742558619');
    const text = await page({ ...bucketOf(key, 'AWSLogs/999999999999/x'), files }, '/coverage');
    expect(text).toContain('name="account" value="310742558619"');
    expect(text).toContain('value="2026-09-17"');
  });

  test('with the accounts below the folder of an organisation', async () => {
    const { key, files } = delivered('874201936650', 'AWSLogs/o-abcdefghij');
    const text = await page({ ...bucketOf(key), files }, '/coverage');
    expect(text).toContain('name="account" value="874201936650"');
  });
});
