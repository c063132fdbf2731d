import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { type GetObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { AuditedRoles } from '../../../core/identities/roles.ts';
import { TrailAccounts } from '../../../core/reading/accounts.ts';
import { decompress } from '../../../steps/decompress.ts';
import { filter } from '../../../steps/filter.ts';
import { normalize } from '../../../steps/normalize.ts';
import { lines } from '../../../steps/transport/lines.ts';
import { type Fetched, noCounts, type Refusal } from '../../../steps/transport/payloads.ts';
import { WorkData } from '../../../steps/transport/work-data.ts';
import { callRecord, roleArn } from '../watch-story.ts';

/** Objects in memory: the trail's files, and what the steps hand on. */
function s3With(objects: Map<string, Buffer>): S3Client {
  const send = async (command: unknown) => {
    if (command instanceof PutObjectCommand) {
      objects.set(`${command.input.Key}`, Buffer.from(command.input.Body as Buffer));
      return {};
    }
    const { Key } = (command as GetObjectCommand).input;
    return { Body: Readable.from([objects.get(`${Key}`)]) };
  };
  return { send } as unknown as S3Client;
}

const call = (change: object) => callRecord({ eventID: 'c0000000-0000-4000-8000-000000000009', ...change });
const elsewhere = { eventName: 'Nothing', userIdentity: { type: 'IAMUser' } };
/** A call under the audited role whose time is none. */
const broken = (name: string) => call({ eventTime: 'soon', userAgent: name });

test('a refused record is told by its number in its own file, whatever was dropped before it', async () => {
  // Given: what does not matter before and between, in Decompress and in Filter; records that do, in two files
  const similar = call({ userIdentity: { type: 'IAMUser', arn: 'x' }, userAgent: `names ${roleArn}` });
  const files = {
    'first.json.gz': [elsewhere, similar, broken('first 3'), call({}), elsewhere, broken('first 6')],
    'good.json.gz': [call({}), elsewhere],
    'second.json.gz': [...Array(16).fill(elsewhere), broken('second 17')],
  };
  const objects = new Map(
    Object.entries(files).map(([key, Records]) => [key, gzipSync(JSON.stringify({ Records }))]),
  );
  const s3 = s3With(objects);
  const work = new WorkData(s3, 'work', 'run');
  const roles = new AuditedRoles([roleArn]);
  const input: Fetched = {
    ...{ step: 'Fetch', provenance: 'trail', receivedAt: '', deliveredAt: '', refused: { count: 0 } },
    counts: { ...noCounts, sources: 3 },
    sources: [...objects].map(([key, { length: size }]) => ({ bucket: 'trail', key, etag: 'e', size })),
  };
  // When
  const decompressed = await decompress(input, { s3, roles, work });
  const filtered = await filter(decompressed, { roles, work });
  const { refused, counts } = await normalize(filtered, { roles, accounts: new TrailAccounts(['*']), work });
  // Then
  const told: (Refusal & { userAgent: string })[] = [];
  if (!refused.data) throw new Error('nothing was refused');
  for await (const line of lines(work.read(refused.data))) {
    const refusal: Refusal = JSON.parse(line);
    told.push({ ...refusal, ...JSON.parse(`${refusal.raw}`) });
  }
  expect(counts).toMatchObject({ records: 25, kept: 5, rejected: 3 });
  expect(filtered.counts.dropped).toBeGreaterThan(decompressed.counts.dropped);
  expect(told).toMatchObject([
    { source: 's3://trail/first.json.gz', record: 3, userAgent: 'first 3' },
    { source: 's3://trail/first.json.gz', record: 6, userAgent: 'first 6' },
    { source: 's3://trail/second.json.gz', record: 17, userAgent: 'second 17' },
  ]);
});
