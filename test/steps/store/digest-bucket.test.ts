import { S3Client } from '@aws-sdk/client-s3';
import { digestLocation } from '../../../core/digests/digest-key.ts';
import { DigestBucket } from '../../../steps/store/digest-bucket.ts';

const folder = 'AWSLogs/999999999999/CloudTrail-Digest/us-east-1/';
const keyOf = (time: string, trail = 'main', rest = '') =>
  `${folder}${time.slice(0, 4)}/${time.slice(4, 6)}/${time.slice(6, 8)}/999999999999_CloudTrail-Digest_us-east-1_${trail}_us-east-1_${time}${rest}.json.gz`;

/** Lists as S3 does: in the order of the keys, two a page. */
function bucketOf(keys: string[], asked: string[] = []) {
  const send = async ({ input }: { input: { Prefix: string; ContinuationToken?: string } }) => {
    asked.push(input.Prefix);
    const from = Number(input.ContinuationToken ?? 0);
    const found = keys.filter(key => key.startsWith(input.Prefix)).sort();
    const Contents = found.slice(from, from + 2).map(Key => ({ Key }));
    return { Contents, ...(from + 2 < found.length ? { NextContinuationToken: String(from + 2) } : {}) };
  };
  return new DigestBucket(Object.assign(new S3Client({ region: 'us-east-1' }), { send }), ['trail']);
}

const place = digestLocation(keyOf('20260807T110000Z'));
if (!place) throw new Error('no digest');

test.each([
  ['hours before', [keyOf('20260807T090000Z')], true],
  ['four days before', [keyOf('20260803T110000Z')], true],
  [
    'years before, behind another trail',
    [keyOf('20200101T000000Z', 'a'), keyOf('20200101T010000Z', 'a'), keyOf('20210101T000000Z')],
    true,
  ],
  ['only of another trail', [keyOf('20200101T000000Z', 'other')], false],
  ['only a backfill', [keyOf('20260807T090000Z', 'main', '_backfill')], false],
  ['only itself and later ones', [keyOf('20260807T110000Z'), keyOf('20260807T120000Z')], false],
])('an older digest of the chain, %s', async (_, keys, older) => {
  expect(await bucketOf([...keys, keyOf('20260807T120000Z')]).hasOlder('trail', place)).toBe(older);
});

test('days after its own are not asked for', async () => {
  const later = Array.from({ length: 24 }, (_, hour) =>
    keyOf(`20260809T${String(hour).padStart(2, '0')}0000Z`),
  );
  const asked: string[] = [];
  expect(await bucketOf(later, asked).hasOlder('trail', place)).toBe(false);
  expect(asked).toEqual([folder]);
});
