import type { S3Client } from '@aws-sdk/client-s3';
import { TrailAccounts } from '../../core/reading/accounts.ts';
import { replayedKey } from '../../core/records/log-key.ts';
import { type FetchDependencies, fetch } from '../../steps/fetch.ts';
import {
  noCounts,
  type ObjectsInput,
  type PinnedObject,
  type TrailObject,
} from '../../steps/transport/payloads.ts';
import type { WorkData } from '../../steps/transport/work-data.ts';

const pinned = (key: string): PinnedObject => ({ bucket: 'trail', key, etag: `e-${key}`, size: 10 });

function input(sources: TrailObject[]): ObjectsInput {
  return {
    entry: 'objects',
    step: 'Intake',
    provenance: 'trail',
    receivedAt: '2016-04-05T20:46:00Z',
    deliveredAt: '2016-04-05T20:45:00Z',
    counts: { ...noCounts, sources: sources.length },
    refused: { count: 0 },
    sources,
  };
}

function dependencies(
  processed: FetchDependencies['processed'],
  accounts = new TrailAccounts(['999999999999']),
  logNames: FetchDependencies['logNames'] = 'any',
): FetchDependencies {
  const writer = { write: async () => {}, finish: async () => ({ inline: '', bytes: 0, sha256: '' }) };
  return {
    // S3 is asked for what a notification does not say, which here says all.
    s3: { send: () => Promise.reject(new Error('S3 was asked')) } as unknown as S3Client,
    work: { writer: () => writer } as unknown as WorkData,
    trailBuckets: ['trail'],
    logNames,
    accounts,
    processed,
  };
}

test('sources = passed on + refused + skipped', async () => {
  // Given
  const sources = [pinned('new'), pinned('known'), { ...pinned('foreign'), bucket: 'other' }];
  const asked: string[][] = [];
  // When
  const fetched = await fetch(
    input(sources),
    dependencies(async files => {
      asked.push(files.map(file => file.key));
      return new Set(files.filter(file => file.key === 'known'));
    }),
  );
  // Then
  expect(fetched.sources).toEqual([pinned('new')]);
  expect(fetched.counts).toMatchObject({ sources: 3, refused: 1, skipped: 1 });
  expect(asked).toEqual([['new', 'known']]);
});

test('the same file announced twice is skipped twice', async () => {
  // When
  const fetched = await fetch(
    input([pinned('known'), pinned('known')]),
    dependencies(async files => new Set(files)),
  );
  // Then
  expect(fetched.sources).toEqual([]);
  expect(fetched.counts).toMatchObject({ sources: 2, skipped: 2 });
});

test('without a ledger to ask, everything is read', async () => {
  // When
  const fetched = await fetch(input([pinned('known')]), dependencies(null));
  // Then
  expect(fetched.sources).toEqual([pinned('known')]);
  expect(fetched.counts.skipped).toBe(0);
});

test('a file of an account that is not covered is refused before S3 is asked for it, its neighbours go on', async () => {
  // Given: a notification that tells neither size nor etag
  const key =
    'AWSLogs/333333333333/CloudTrail/us-east-1/2025/06/02/333333333333_CloudTrail_us-east-1_20250602T1005Z_x.json.gz';
  const refused: string[] = [];
  const deps = dependencies(null);
  const writer = { write: async (line: string) => void refused.push(line), finish: async () => ({}) };
  // When
  const fetched = await fetch(input([{ bucket: 'trail', key }, pinned('new')]), {
    ...deps,
    work: { writer: () => writer } as unknown as WorkData,
  });
  // Then
  expect(fetched.sources).toEqual([pinned('new')]);
  expect(fetched.counts).toMatchObject({ sources: 2, refused: 1 });
  expect(refused.map(line => JSON.parse(line).error)).toEqual(['UnknownAccount']);
});

describe('a deployed stack takes what CloudTrail names, and no more', () => {
  const log =
    'AWSLogs/999999999999/CloudTrail/us-east-1/2025/06/02/999999999999_CloudTrail_us-east-1_20250602T1005Z_Mu0KsOhtH1ar15ZZ.json.gz';
  const name = log.slice(log.lastIndexOf('/') + 1);

  test.each([
    ['an export beside the trail', 'exports/records.json.gz'],
    ['plain JSON in the folder of the trail', log.replace('.json.gz', '.json')],
    ['another service’s log', log.replaceAll('CloudTrail', 'Config')],
    ['a name of the trail in no folder of it', name],
    ['a folder of the trail without its day', `AWSLogs/999999999999/CloudTrail/us-east-1/${name}`],
    ['a digest', log.replaceAll('CloudTrail', 'CloudTrail-Digest')],
    ['another name in a replay onto it', 'roletrail-replay/20250602T100500000Z/records.json'],
    ['a replay’s file at another place', `elsewhere/${log.replace('AWSLogs', 'logs')}`],
  ])('%s is refused by name, its neighbours go on', async (_, key) => {
    // Given
    const refused: string[] = [];
    const writer = { write: async (line: string) => void refused.push(line), finish: async () => ({}) };
    const work = { writer: () => writer } as unknown as WorkData;
    const sources = [pinned(log), { bucket: 'trail', key }, pinned(`p/${log}`)];
    // When
    const fetched = await fetch(input(sources), { ...dependencies(null, undefined, 'trail'), work });
    // Then
    expect(fetched.sources).toEqual([pinned(log), pinned(`p/${log}`)]);
    expect(fetched.counts).toMatchObject({ sources: 3, refused: 1 });
    expect(refused.map(line => JSON.parse(line))).toMatchObject([
      { error: 'NotATrailKey', source: `s3://trail/${key}` },
    ]);
  });

  test('a replay’s file with the names of a trail is taken, and its folder says whose it is', async () => {
    // Given
    const replayed = replayedKey('20250602T100500000Z', `bucket/${log}`);
    const foreign = replayed.replace('logs/999999999999', 'logs/111111111111');
    const refused: string[] = [];
    const writer = { write: async (line: string) => void refused.push(line), finish: async () => ({}) };
    const work = { writer: () => writer } as unknown as WorkData;
    // When
    const fetched = await fetch(input([pinned(replayed), pinned(foreign)]), {
      ...dependencies(null, undefined, 'trail'),
      work,
    });
    // Then
    expect(fetched.sources).toEqual([pinned(replayed)]);
    expect(refused.map(line => JSON.parse(line).error)).toEqual(['AccountMismatch']);
  });
});
