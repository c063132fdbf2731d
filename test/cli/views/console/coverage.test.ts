import type { DigestRecord } from '../../../../core/digests/records.ts';
import { page } from './deployment-fixture.ts';

const digest = (hour: number, more: Partial<DigestRecord> = {}): DigestRecord => ({
  uri: `s3://trail/AWSLogs/999999999999/CloudTrail-Digest/us-east-1/digest-${hour}`,
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
const folders = ['us-east-1', 'eu-west-1'].map(region => ({
  Prefix: `AWSLogs/999999999999/CloudTrail-Digest/${region}/`,
}));
const s3 = {
  ListObjectsV2: ({ Prefix }: Record<string, unknown>) => ({
    CommonPrefixes: String(Prefix).includes('CloudTrail-Digest') ? folders : [],
  }),
};
const path = '/coverage?day=2025-03-11';

describe('the digests of a day', () => {
  test('are counted by region, also where no log file was read', async () => {
    const text = await page({ s3, digests: { 'us-east-1': [digest(1), digest(2)] } }, path);
    expect(text).toContain('Nothing was delivered on 2025-03-11');
    expect(text).toMatch(/us-east-1<\/code><\/td><td class="n">2<\/td><td class="n">4<\/td>/);
    expect(text).toContain('as CloudTrail left them');
    expect(text).not.toContain('eu-west-1');
  });

  test('say what is not as it was, made safe', async () => {
    const amiss = [
      digest(1, { problem: 'signature-differs', reason: 'its <b>signature</b>' }),
      digest(2, { tampered: 1 }),
    ];
    const text = await page({ s3, digests: { 'eu-west-1': amiss } }, path);
    expect(text).toContain('signature-differs: its &lt;b&gt;signature&lt;/b&gt;');
    expect(text).toContain('1 log file not as it says');
    expect(text).not.toContain('as CloudTrail left them');
  });

  test('that never came are said to be none', async () => {
    expect(await page({ s3 }, path)).toContain('No digest of that day was checked');
  });
});

describe('the page opens', () => {
  const listing = (byPrefix: Record<string, string[]>) => ({
    ListObjectsV2: ({ Prefix }: Record<string, unknown>) => ({
      CommonPrefixes: (byPrefix[String(Prefix)] ?? []).map(name => ({ Prefix: `${Prefix}${name}/` })),
    }),
  });

  test('at an account that something was delivered for, not at the one that the stack is made for', async () => {
    const own = { ...listing({ 'AWSLogs/': ['310742558619', '999999999999'] }) };
    const text = await page({ s3: own, lastHours: { '310742558619': '2026091711' } }, '/coverage');
    expect(text).toContain('name="account" value="310742558619"');
    expect(text).toContain('value="2026-09-17"');
  });

  test('with the accounts below the folder of an organisation', async () => {
    const trail = listing({ 'AWSLogs/': ['o-abcdefghij'], 'AWSLogs/o-abcdefghij/': ['874201936650'] });
    const text = await page({ s3: trail, lastHours: { '874201936650': '2026091711' } }, '/coverage');
    expect(text).toContain('name="account" value="874201936650"');
  });
});
