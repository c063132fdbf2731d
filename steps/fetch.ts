import { HeadObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { stepHandler } from './aws/runtime.ts';
import { refusalOf } from './aws/s3-errors.ts';
import { WorkData } from './aws/work-data.ts';
import type { Fetched, ObjectsInput, PinnedObject, TrailObject } from './contract.ts';
import { readEnvironment, readList } from './environment.ts';
import { AuditError } from './errors.ts';
import { inParallel } from './linking/parallel.ts';
import { Refusals } from './refusals.ts';

/** Compressed bytes. CloudTrail's own log files hold at most 50 MB of text; what is larger is no log file. */
export const mostBytes = 256 * 1024 * 1024;

export interface FetchDependencies {
  s3: S3Client;
  trailBuckets: readonly string[];
  work: WorkData;
}

/**
 * Pins what is to be read: bucket, key, version or etag, size. A notification that says all of it costs no request.
 * Refuses by name what is not there (`ObjectNotFound`), too large (`ObjectTooLarge`) or in a bucket that is not a trail
 * bucket of this stack (`BucketNotConfigured`).
 */
export async function fetch(input: ObjectsInput, deps: FetchDependencies): Promise<Fetched> {
  const refusals = new Refusals('Fetch', input);
  const pinned = await inParallel(input.sources, 16, source =>
    pin(source, deps).catch(error => {
      refusals.add({ source: `s3://${source.bucket}/${source.key}`, ...refusalOf(error) });
      return null;
    }),
  );
  const { entry: _, ...batch } = input;
  return {
    ...batch,
    step: 'Fetch',
    counts: { ...input.counts, refused: input.counts.refused + refusals.count },
    refused: await refusals.handOn(deps.work),
    sources: pinned.filter(source => source !== null),
  };
}

async function pin(source: TrailObject, { s3, trailBuckets }: FetchDependencies): Promise<PinnedObject> {
  const { bucket, key } = source;
  if (!trailBuckets.includes(bucket)) {
    throw new AuditError('BucketNotConfigured', `bucket ${bucket} is no trail bucket of this stack`);
  }
  const pinned = source.etag && source.size !== undefined ? source : await head(source, s3);
  if (pinned.size === undefined || !pinned.etag) {
    throw new AuditError('ObjectNotPinned', `S3 told neither size nor etag of ${key}`);
  }
  if (pinned.size > mostBytes) {
    throw new AuditError('ObjectTooLarge', `${key} has ${pinned.size} bytes, more than ${mostBytes}`);
  }
  return { ...pinned, etag: pinned.etag, size: pinned.size };
}

async function head(source: TrailObject, s3: S3Client): Promise<TrailObject> {
  const version = source.versionId ? { VersionId: source.versionId } : {};
  const found = await s3.send(new HeadObjectCommand({ Bucket: source.bucket, Key: source.key, ...version }));
  return {
    ...source,
    ...(found.ETag ? { etag: found.ETag.replaceAll('"', '') } : {}),
    ...(found.ContentLength === undefined ? {} : { size: found.ContentLength }),
  };
}

function prepare() {
  const environment = readEnvironment('fetch');
  return {
    s3: new S3Client(),
    trailBuckets: readList('TRAIL_BUCKETS', environment.TRAIL_BUCKETS),
    bucket: environment.WORK_BUCKET,
  };
}

export const handler = stepHandler(
  'Fetch',
  prepare,
  (input: ObjectsInput, { s3, trailBuckets, bucket }, { execution }) =>
    fetch(input, { s3, trailBuckets, work: new WorkData(s3, bucket, execution) }),
);
