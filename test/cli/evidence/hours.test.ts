import { gzipSync } from 'node:zlib';
import { bundleOf } from '../../../cli/evidence/bundle.ts';
import { hoursLogs } from '../../../cli/evidence/hours.ts';
import type { Fetched } from '../../../cli/evidence/objects.ts';
import { verifyBundle } from '../../../cli/evidence/verify.ts';
import { completeLines } from '../../../cli/views/terminal/proven.ts';
import { bucket, Trail } from '../../core/digests/chain.ts';
import { bucketOf, call, evidence, issuance, keys, signing } from './story.ts';

const log = (...records: object[]) => JSON.stringify({ Records: records });
/** An hour of three log files, the first of which holds the session. */
const three = () => new Trail(signing).hour('2025-03-11T10:00:00Z', [log(issuance, call), log(), log()]);
const uriOf = (key: string | undefined) => `s3://${bucket}/${key}`;

async function completeOf(trail: Trail) {
  const bundle = bundleOf(await evidence({}, { from: bucketOf(trail) }));
  const { complete, problems, unchecked } = await verifyBundle(bundle, 'x.zip', keys);
  expect([problems, unchecked]).toEqual([[], []]);
  return complete;
}

test('the other log files of the hour come with it: it is complete', async () => {
  const complete = await completeOf(three());
  expect(complete).toMatchObject({ files: 3, hours: [{ looked: 3, delivered: 3 }] });
  expect(completeLines(complete)).toEqual([
    'shown: no call of the session in 3 log files that CloudTrail signed was left out',
    'complete: all 3 log files that CloudTrail delivered for account 999999999999 in us-east-1 from 2025-03-11 09:00:00 to 2025-03-11 10:00:00, except those that a backfill digest names',
  ]);
});

test.each<[string, (trail: Trail, key: string) => void]>([
  ['gone', (trail, key) => trail.objects.delete(key)],
  ['replaced', (trail, key) => trail.objects.set(key, { bytes: gzipSync(log(call)), metadata: {} })],
])('one that is %s is not taken: the hour is not complete', async (_, change) => {
  const trail = three();
  change(trail, trail.logs[0]?.[2] ?? '');
  const complete = await completeOf(trail);
  expect(complete).toMatchObject({ files: 2, hours: [{ looked: 2, delivered: 3 }] });
  expect(completeLines(complete)[1]).toMatch(/^not complete: 2 of 3 log files that CloudTrail delivered/);
});

test('of an hour that does not fit none is taken', async () => {
  const trail = three();
  const fetched = (uri: string): Fetched => ({
    uri,
    bytes: trail.objects.get(uri.slice(`s3://${bucket}/`.length))?.bytes ?? null,
    head: { signature: null, generated: null },
    missing: null,
  });
  const taken = (room: number) =>
    hoursLogs([fetched(uriOf(trail.digests[0]))], new Set([uriOf(trail.logs[0]?.[0])]), room, async uri =>
      fetched(uri),
    );
  const others = trail.logs[0]?.slice(1).map(uriOf) ?? [];
  const bytes = others.reduce((sum, uri) => sum + (fetched(uri).bytes?.length ?? 0), 0);
  expect((await taken(bytes)).map(({ uri }) => uri)).toEqual(others);
  expect(await taken(bytes - 1)).toEqual([]);
});
