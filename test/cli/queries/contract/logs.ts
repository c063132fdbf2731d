import type { Store } from '../../../../cli/queries/store.ts';
import { digestLocation } from '../../../../core/digests/digest-key.ts';
import { bucket, changed, digestKeys, given, logKey, whole } from './given.ts';

const all = Array.fromAsync;

/** What holds for log files: which were read, and where they lie. `store`: the store that is held against it. */
export function logsContract(store: () => Store): void {
  describe('the ledger', () => {
    const day = ['2025-03-11T00:00:00Z', '2025-03-11T23:00:00Z'] as const;

    test('has the hours and regions of an account that something was delivered in', async () => {
      expect(await store().ledger.coverage('999999999999', ...day)).toEqual([
        { hour: '2025031109', region: 'eu-west-1' },
        { hour: '2025031109', region: 'us-east-1' },
        { hour: '2025031110', region: 'us-east-1' },
      ]);
      const first = await store().ledger.coverage('999999999999', day[0], '2025-03-11T09:59:00Z');
      expect(first.map(({ hour }) => hour)).toEqual(['2025031109', '2025031109']);
      expect(await store().ledger.coverage('111111111111', ...day)).toEqual([]);
      expect(await store().ledger.lastHour('999999999999')).toBe('2025031110');
      expect(await store().ledger.lastHour('222222222222')).toBeNull();
    });

    test('has the first file of a region, with the earliest record of that minute', async () => {
      const first = { time: '2025-03-11T09:05:00Z', earliest: '2025-03-11T08:55:00Z' };
      expect(await store().ledger.first('999999999999', 'us-east-1')).toEqual(first);
      const elsewhere = { time: '2025-03-11T09:10:00Z', earliest: null };
      expect(await store().ledger.first('999999999999', 'eu-west-1')).toEqual(elsewhere);
      expect(await store().ledger.first('999999999999', 'ap-south-1')).toBeNull();
    });

    test('knows whose logs hold calls that only read', async () => {
      expect(await store().ledger.logsReads('999999999999')).toBe(true);
      expect(await store().ledger.logsReads('111111111111')).toBe(false);
    });

    test('has the files of a region in their time, and the states of one', async () => {
      const etags = async (since: string) =>
        (await all(store().ledger.files('999999999999', 'us-east-1', since))).map(({ etag }) => etag).sort();
      expect(await etags('20250311')).toEqual(['e1', 'e2', 'e3', 'e4']);
      expect(await etags('20250311T10')).toEqual(['e3', 'e4']);
      expect(await etags('20250312')).toEqual([]);
      const times = (await all(store().ledger.files('999999999999', 'us-east-1', '0'))).map(
        file => /_(\d{8}T\d{4}Z)_/.exec(file.key)?.[1] ?? '',
      );
      expect(times).toEqual([...times].sort());
      const twice = logKey('999999999999', 'us-east-1', '20250311T1005Z', 'c');
      const states = await all(store().ledger.ofFile({ bucket, key: twice }));
      expect(states.map(each => [each.etag, each.execution]).sort()).toEqual([
        ['e3', 'logs-e3'],
        ['e4', 'logs-again'],
      ]);
      expect(await all(store().ledger.ofFile({ bucket, key: 'copied/logs.json' }))).toHaveLength(1);
      expect(await all(store().ledger.ofFile({ bucket: 'another', key: twice }))).toEqual([]);
    });
  });

  describe('the trail', () => {
    test('has its objects, with what tells their bytes', async () => {
      const [first = ''] = digestKeys;
      const digest = await store().trail.open(bucket, first);
      expect(digest?.head.signature).toMatch(/^[0-9a-f]{512}$/);
      const { objects } = await given();
      expect(Buffer.concat(await all(digest?.body ?? []))).toEqual(objects.get(first)?.bytes);
      expect(await store().trail.open(bucket, 'AWSLogs/none')).toBeNull();
      expect([store().trail.holds(bucket), store().trail.holds('another')]).toEqual([true, false]);
    });

    test('has its folders and keys', async () => {
      expect(await store().trail.folders(bucket, 'AWSLogs/')).toEqual(['AWSLogs/999999999999/']);
      expect(await store().trail.folders(bucket, 'AWSLogs/999999999999/')).toEqual(
        // By the bytes of their names, as S3 lists: a hyphen comes before a slash.
        ['CloudTrail-Digest', 'CloudTrail'].map(kind => `AWSLogs/999999999999/${kind}/`),
      );
      expect(await all(store().trail.keys(bucket, 'AWSLogs/999999999999/CloudTrail-Digest/'))).toEqual(
        digestKeys,
      );
    });

    test('knows whether an older digest is there, and the keys that digests are signed with', async () => {
      const [first, second] = digestKeys.map(each => digestLocation(each));
      expect(second && (await store().trail.hasOlder(bucket, second))).toBe(true);
      expect(first && (await store().trail.hasOlder(bucket, first))).toBe(false);
      const { publicKeys } = await given();
      const { fingerprint = '', validFrom = 0, validUntil = 0 } = publicKeys[0] ?? {};
      expect(await store().trail.publicKeys(fingerprint, 'us-east-1', validFrom, validUntil)).toEqual(
        publicKeys,
      );
    });
  });
}

/** What holds for what digests say. `store`: the store that is held against it. */
export function verdictsContract(store: () => Store): void {
  describe('verdicts', () => {
    test('are of each log file that a digest names', async () => {
      const [kept] = await store().integrity.file(bucket, whole);
      expect(kept).toMatchObject({
        verdict: 'verified',
        problem: null,
        digest: `s3://${bucket}/${digestKeys[0]}`,
      });
      const [other] = await store().integrity.file(bucket, changed);
      expect(other).toMatchObject({ verdict: 'tampered', problem: 'hash-differs' });
      expect(await store().integrity.file(bucket, 'none')).toEqual([]);
    });

    test('are of the digests of an account and region, by when they end', async () => {
      const of = async (...where: [string, string, string, string]) =>
        (await store().integrity.digests(...where)).map(({ endTime, tampered }) => [endTime, tampered]);
      const place = ['999999999999', 'us-east-1'] as const;
      expect(await of(...place, '2025-03-11T10:00:00Z', '2025-03-11T11:00:00Z')).toEqual([
        ['20250311T100000Z', 0],
        ['20250311T110000Z', 1],
      ]);
      expect(await of(...place, '2025-03-11T10:00:01Z', '2025-03-11T12:00:00Z')).toHaveLength(1);
      expect(await of('999999999999', 'eu-west-1', '2025-03-11', '2025-03-12')).toEqual([]);
    });
  });
}
