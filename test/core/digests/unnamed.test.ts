import { digestLocation } from '../../../core/digests/digest-key.ts';
import { knownKeys, parsePublicKeys } from '../../../core/digests/public-keys.ts';
import { unnamedFiles } from '../../../core/digests/unnamed.ts';
import { verifyDigest } from '../../../core/digests/verify-digest.ts';
import { account, bucket, keysJson, region, rewrite, signingKey, Trail } from './chain.ts';
import { memoryStore } from './memory-store.ts';

const key = signingKey();
const trail = new Trail(key)
  .hour('2025-03-11T09:00:00Z')
  .hour('2025-03-11T10:00:00Z')
  .hour('2025-03-11T11:00:00Z');
const logAt = (time: string, where = region, unique = 'PLANTED') =>
  `AWSLogs/${account}/CloudTrail/${where}/2025/03/11/${account}_CloudTrail_${where}_${time}_${unique}.json.gz`;

async function unnamed(keys: string[], of = trail) {
  const tools = { store: memoryStore(of.objects), keys: knownKeys(parsePublicKeys(keysJson(key))) };
  const results = await Promise.all(
    of.digests.map(name => verifyDigest(bucket, name, digestLocation(name) ?? location, tools)),
  );
  return unnamedFiles(keys, results).map(({ key: name, code }) => [name, code]);
}
const location = digestLocation(trail.digests[0] ?? '') as NonNullable<ReturnType<typeof digestLocation>>;

test('what digests name is not told, nor what is not a log file', async () => {
  const others = [...trail.digests, `AWSLogs/${account}/CloudTrail-Insight/x.json.gz`, 'README.json'];
  expect(await unnamed([...trail.logs.flat(), ...others])).toEqual([]);
});

test.each([
  ['in the midst of the hours', logAt('20250311T0830Z'), 'unnamed'],
  ['in the newest hour', logAt('20250311T1005Z'), 'unnamed'],
  ['older than all digests', logAt('20250310T0830Z'), 'unnamed'],
  ['of a region without digests', logAt('20250311T0830Z', 'eu-west-1'), 'unnamed'],
  ['with a name of its own', `AWSLogs/${account}/CloudTrail/${region}/2025/03/11/evil.json.gz`, 'unnamed'],
  ['begun in the last minutes of the newest hour', logAt('20250311T1058Z'), 'pending'],
  ['younger than the newest digest', logAt('20250311T1130Z'), 'pending'],
  ['two hours younger', logAt('20250311T1300Z'), 'pending'],
  ['more than two hours younger', logAt('20250311T1301Z'), 'cut-end'],
])('a log file %s', async (_, file, code) => {
  expect(await unnamed([file])).toEqual([[file, code]]);
});

test('a digest that is not trusted is not an end of a chain', async () => {
  const changed = new Trail(key).hour('2025-03-11T09:00:00Z').hour('2025-03-11T12:00:00Z');
  rewrite(changed.objects, changed.digests[1] ?? '', text => Buffer.concat([text, Buffer.from(' ')]));
  expect(await unnamed([logAt('20250311T1130Z')], changed)).toEqual([[logAt('20250311T1130Z'), 'cut-end']]);
});
