import type { S3Client } from '@aws-sdk/client-s3';
import { ledger } from '../../steps/ledger.ts';
import type { FileToMark } from '../../steps/store/ledger-table.ts';
import { type LedgerFile, readFiles, writeFiles } from '../../steps/transport/ledger-files.ts';
import { noCounts } from '../../steps/transport/payloads.ts';
import { WorkData } from '../../steps/transport/work-data.ts';

const stored: string[] = [];
const s3 = {
  send: async ({ input }: { input: { Key: string } }) => {
    stored.push(input.Key);
    return {};
  },
} as unknown as S3Client;
const work = new WorkData(s3, 'work', 'run');

const file = (source: number): LedgerFile => ({
  source,
  bucket: 'trail',
  key: `k${source}`,
  etag: 'e',
  records: 5,
  kept: source,
  candidates: `0,${source}`,
  earliest: '2016-04-05T20:41:00Z',
  reads: true,
});

test('marks the files that were read, for the roles they were read for', async () => {
  // Given
  const marked: FileToMark[] = [];
  const batch = {
    step: 'Correlate',
    provenance: 'trail' as const,
    receivedAt: '',
    deliveredAt: '',
    counts: { ...noCounts, sources: 3, read: 2, refused: 1 },
    refused: { count: 1 },
    files: await writeFiles(work, 'files', [file(0), file(2)]),
  };
  // When
  const output = await ledger(batch, {
    table: { mark: async files => void marked.push(...files) },
    work,
    execution: 'run',
    roles: 'hash',
    now: () => new Date('2016-04-05T20:46:00Z'),
  });
  // Then
  const common = {
    bucket: 'trail',
    etag: 'e',
    records: 5,
    roles: 'hash',
    execution: 'run',
    at: '2016-04-05T20:46:00.000Z',
    earliest: '2016-04-05T20:41:00Z',
    reads: true,
  };
  expect(marked).toEqual([
    { ...common, key: 'k0', kept: 0 },
    { ...common, key: 'k2', kept: 2 },
  ]);
  expect(output).toEqual({ ...batch, step: 'Ledger' });
});

test('what cannot be marked fails the state', async () => {
  // Given
  const files = await writeFiles(work, 'files', [file(0)]);
  const input = {
    step: '',
    provenance: 'trail' as const,
    receivedAt: '',
    deliveredAt: '',
    counts: noCounts,
    refused: { count: 0 },
    files,
  };
  // When
  const marking = ledger(input, {
    table: { mark: () => Promise.reject(new Error('the table is away')) },
    work,
    execution: 'run',
    roles: 'hash',
    now: () => new Date(),
  });
  // Then
  await expect(marking).rejects.toThrow('the table is away');
});

test('the files of a batch as large as there can be travel within the payload', async () => {
  // Given: intake takes 120,000 bytes of sources, each of a key, an etag and a bucket hardly shorter than this
  const random = (length: number) =>
    Array.from({ length }, () => 'abcdefghijklmnopqrstuvwxyz0123456789'[Math.floor(Math.random() * 36)]).join(
      '',
    );
  const many = Array.from({ length: 800 }, (_, n) => ({
    ...file(n),
    key: `AWSLogs/999999999999/CloudTrail/us-east-1/2016/04/05/999999999999_CloudTrail_us-east-1_20160405T2045Z_${random(16)}.json.gz`,
    etag: random(32),
  }));
  // When
  const ref = await writeFiles(work, 'files', many);
  // Then
  const most = (262_144 - 20_000) / 4;
  expect(JSON.stringify(ref).length).toBeLessThan(most);
  if ('inline' in ref) expect(await readFiles(work, ref)).toEqual(many);
  else expect(stored).toEqual(['work/run/files.gz']);
});
