import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { HeadObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { inParallel } from '../core/parallel.ts';
import { TrailAccounts } from '../core/reading/accounts.ts';
import { checkKeyLength, checkObjectSize } from '../core/reading/log-object.ts';
import { isTrailKey, trailKeyOf } from '../core/records/log-key.ts';
import { bounded } from './runtime/clients.ts';
import { type LogNames, logNames, readChoice, readEnvironment, readList } from './runtime/environment.ts';
import { AuditError } from './runtime/errors.ts';
import { stepHandler } from './runtime/handler.ts';
import { type Reading, refusalOfFile } from './runtime/s3-errors.ts';
import { readSettings } from './runtime/settings.ts';
import { LedgerTable } from './store/ledger-table.ts';
import { rolesHash } from './transport/ledger-files.ts';
import type { Fetched, ObjectsInput, PinnedObject, TrailObject } from './transport/payloads.ts';
import { Refusals } from './transport/refusals.ts';
import { WorkData } from './transport/work-data.ts';

export interface FetchDependencies {
  s3: S3Client;
  trailBuckets: readonly string[];
  accounts: TrailAccounts;
  logNames: LogNames;
  work: WorkData;
  /** which of the files need not be read again; null: all are read, whatever the ledger has */
  processed: ((files: readonly PinnedObject[]) => Promise<Set<PinnedObject>>) | null;
}

/**
 * Pins each log file: bucket, key, version or ETag, size. A notification with all of them costs no request.
 * Refuses by name a file that does not exist (`ObjectNotFound`), too large (`ObjectTooLarge`), denied (`AccessDenied`) or in a bucket that is not a trail
 * bucket of this stack (`BucketNotConfigured`), has a name that CloudTrail gives no log file (`NotATrailKey`), is of an account the trail does not cover (`UnknownAccount`) or in another
 * account's folder (`AccountMismatch`). Drops what CloudTrail delivered again, and counts it as skipped.
 */
export async function fetch(input: ObjectsInput, deps: FetchDependencies): Promise<Fetched> {
  const refusals = new Refusals('Fetch', input);
  const found = await inParallel(input.sources, 16, source =>
    pin(source, deps).catch(error => {
      refusals.add({ source: fileOf(source), ...refusalOfFile(error, readingOf(source)) });
      return null;
    }),
  );
  const pinned = found.filter(source => source !== null);
  const known = deps.processed
    ? await deps.processed(pinned.filter(source => !source.again))
    : new Set<PinnedObject>();
  const { entry: _, ...batch } = input;
  return {
    ...batch,
    step: 'Fetch',
    counts: { ...input.counts, refused: input.counts.refused + refusals.count, skipped: known.size },
    refused: await refusals.handOn(deps.work),
    sources: pinned.filter(source => !known.has(source)),
  };
}

async function pin(source: TrailObject, deps: FetchDependencies): Promise<PinnedObject> {
  const { s3, trailBuckets, accounts, logNames } = deps;
  const { bucket, key } = source;
  if (!trailBuckets.includes(bucket)) {
    throw new AuditError('BucketNotConfigured', `bucket ${bucket} is no trail bucket of this stack`);
  }
  // Others may be allowed to write to the bucket: their objects are not logs, whatever they contain.
  if (logNames === 'trail' && !isTrailKey(trailKeyOf(key))) {
    throw new AuditError(
      'NotATrailKey',
      'CloudTrail names log files [prefix/]AWSLogs/[o-id/]account/CloudTrail/region/YYYY/MM/DD/account_CloudTrail_region_time_id.json.gz: what has another name is not read',
    );
  }
  accounts.checkFile(key);
  // S3 answers HEAD without a body, so that this refusal would have no name.
  checkKeyLength(key);
  const pinned = source.etag && source.size !== undefined ? source : await head(source, s3);
  if (pinned.size === undefined || !pinned.etag) {
    throw new AuditError('ObjectNotPinned', `S3 told neither size nor etag of ${key}`);
  }
  checkObjectSize(key, pinned.size);
  return { ...pinned, etag: pinned.etag, size: pinned.size };
}

function fileOf({ bucket, key }: TrailObject): string {
  return `s3://${bucket}/${key}`;
}

// Of HEAD too: it needs the same permission.
function readingOf(source: TrailObject): Reading {
  return { action: source.versionId ? 's3:GetObjectVersion' : 's3:GetObject', file: fileOf(source) };
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
  const redelivered = readChoice('REDELIVERED', environment.REDELIVERED, ['skip', 'process']);
  const ledger = new LedgerTable(new DynamoDBClient(bounded), environment.LEDGER_TABLE);
  const { auditedRoles, trailAccounts } = readSettings('fetch');
  const roles = rolesHash(auditedRoles);
  return {
    s3: new S3Client(bounded),
    trailBuckets: readList('TRAIL_BUCKETS', environment.TRAIL_BUCKETS),
    accounts: new TrailAccounts(trailAccounts),
    logNames: readChoice('LOG_NAMES', environment.LOG_NAMES, logNames),
    bucket: environment.WORK_BUCKET,
    processed:
      redelivered === 'skip' ? (files: readonly PinnedObject[]) => ledger.processed(files, roles) : null,
  };
}

export const handler = stepHandler(
  'Fetch',
  prepare,
  async (input: ObjectsInput, { bucket, ...deps }, { execution, log }) => {
    const output = await fetch(input, { ...deps, work: new WorkData(deps.s3, bucket, execution) });
    const { skipped } = output.counts;
    if (skipped > 0) log.info('processed before, skipped', { skipped });
    return output;
  },
);
