import type { S3Client } from '@aws-sdk/client-s3';
import { TrailAccounts } from '../../core/reading/accounts.ts';
import { type FetchDependencies, fetch } from '../../steps/fetch.ts';
import {
  noCounts,
  type ObjectsInput,
  type PinnedObject,
  type TrailObject,
} from '../../steps/transport/contract.ts';
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
): FetchDependencies {
  const writer = { write: async () => {}, finish: async () => ({ inline: '', bytes: 0, sha256: '' }) };
  return {
    // S3 is asked for what a notification does not say, which here says all.
    s3: { send: () => Promise.reject(new Error('S3 was asked')) } as unknown as S3Client,
    work: { writer: () => writer } as unknown as WorkData,
    trailBuckets: ['trail'],
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
