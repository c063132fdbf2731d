import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { AuditedRoles } from '../core/identities/roles.ts';
import { inParallel } from '../core/parallel.ts';
import { type Candidates, candidatesFor } from '../core/reading/candidates.ts';
import { SpanScanner } from '../core/reading/file-span.ts';
import { LogFileReader } from '../core/reading/log-file-reader.ts';
import { accountsOfKey, logKeyParts } from '../core/records/log-key.ts';
import { bounded } from './runtime/clients.ts';
import { readEnvironment } from './runtime/environment.ts';
import { AuditError } from './runtime/errors.ts';
import { stepHandler } from './runtime/handler.ts';
import { refusalOfFile } from './runtime/s3-errors.ts';
import { readSettings } from './runtime/settings.ts';
import { BlockWriter } from './transport/blocks.ts';
import { writeSources } from './transport/frames.ts';
import { gunzip } from './transport/gunzip.ts';
import { type LedgerFile, writeFiles } from './transport/ledger-files.ts';
import type { Decompressed, Fetched, PinnedObject } from './transport/payloads.ts';
import { Refusals } from './transport/refusals.ts';
import { SelectionWriter } from './transport/selection.ts';
import { WorkData } from './transport/work-data.ts';

export interface DecompressDependencies {
  s3: S3Client;
  roles: AuditedRoles;
  work: WorkData;
}

const filesAtOnce = 4;

/**
 * Streams each file, finds its records and passes on those that can matter. Memory is that of the candidates, compressed,
 * not of the files. A file that is not whole is refused as a whole (`NotGzip`, `TruncatedGzip`, `NotJson`, `NoRecords`,
 * `TruncatedJson`, `RecordTooLarge`, `TextTooLarge`, `TooManyRefusals`, `NotUtf8`, `ObjectNotFound`, `ObjectChanged`, `AccessDenied`): part of a damaged file is not evidence.
 */
export async function decompress(input: Fetched, deps: DecompressDependencies): Promise<Decompressed> {
  const refusals = new Refusals('Decompress', input);
  const wanted = candidatesFor(deps.roles);
  const firsts = firstOfPlaces(input.sources);
  const tellReads = new Set<string>();
  const files = await inParallel(input.sources, filesAtOnce, async (source, index) => {
    try {
      const account = accountOf(source.key) ?? '';
      const span = new SpanScanner({ time: firsts.has(source), reads: !tellReads.has(account) });
      const file = await readFile(source, index, { wanted, span }, deps.s3);
      if (file.span.reads) tellReads.add(account);
      return file;
    } catch (error) {
      const file = nameOf(source);
      const action = source.versionId ? 's3:GetObjectVersion' : 's3:GetObject';
      refusals.add({ source: file, ...refusalOfFile(error, { action, file }) });
      return null;
    }
  });
  const read = files.filter(file => file !== null);
  const records = read.reduce((sum, file) => sum + file.records, 0);
  const candidates = read.reduce((sum, file) => sum + file.candidates, 0);
  const writer = deps.work.writer('candidates');
  const accounts = input.sources.map(source => ({
    source: nameOf(source),
    account: accountOf(source.key),
  }));
  writeSources(writer, accounts);
  for (const file of read) if (file.candidates > 0) writer.append(file.blocks);
  const done = read.map(
    ({ source, index, records, selection, span, sha256 }): LedgerFile => ({
      source: index,
      ...identityOf(source),
      ...{ records, kept: 0, candidates: selection.toString(), ...span, sha256 },
    }),
  );
  const { sources: _, ...batch } = input;
  return {
    ...batch,
    step: 'Decompress',
    counts: {
      ...input.counts,
      read: read.length,
      refused: input.counts.refused + refusals.count,
      records,
      dropped: records - candidates,
    },
    refused: await refusals.handOn(deps.work),
    data: await writer.finish(),
    files: await writeFiles(deps.work, 'files', done),
  };
}

async function readFile(
  source: PinnedObject,
  index: number,
  { wanted, span }: { wanted: Candidates; span: SpanScanner },
  s3: S3Client,
) {
  const found = new BlockWriter();
  const selection = new SelectionWriter();
  let candidates = 0;
  let last = 0;
  const reader = new LogFileReader(wanted, span, (record, number) => {
    candidates += 1;
    selection.drop(number - last - 1);
    selection.add(true);
    last = number;
    found.writeFrame(index, record);
  });
  // Whoever holds the file against its digest later need not read it again.
  const hash = createHash('sha256');
  for await (const chunk of await textOf(source, s3)) {
    reader.push(chunk);
    hash.update(chunk);
  }
  const whole = { ...reader.end(), sha256: hash.digest('hex') };
  return { source, index, candidates, selection, ...whole, blocks: found.finish() };
}

/**
 * The earliest file of each account and region, by the time in its name: only the first file that there is of a place says how
 * far back its logs reach, and it is the first of its batch as well.
 */
function firstOfPlaces(sources: readonly PinnedObject[]): Set<PinnedObject> {
  const named = sources.flatMap(source => {
    const parts = logKeyParts(source.key);
    return parts ? [{ source, place: `${parts.account}#${parts.region}`, time: parts.time }] : [];
  });
  const first = new Map<string, string>();
  for (const { place, time } of named) {
    const known = first.get(place);
    if (known === undefined || time < known) first.set(place, time);
  }
  return new Set(named.filter(({ place, time }) => first.get(place) === time).map(({ source }) => source));
}

/** The file's bytes, gunzipped unless its name and its first bytes both say that it is plain JSON. */
async function textOf(source: PinnedObject, s3: S3Client): Promise<AsyncIterable<Buffer>> {
  const pinned = source.versionId ? { VersionId: source.versionId } : { IfMatch: source.etag };
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: source.bucket, Key: source.key, ...pinned }));
  if (!Body) throw new AuditError('ObjectNotFound', 'S3 answered without a body');
  if (!source.key.endsWith('.gz')) return Body as Readable;
  return gunzip(Body as Readable);
}

function accountOf(key: string): string | null {
  const { name, folder } = accountsOfKey(key);
  return name ?? folder;
}

function identityOf({ bucket, key, etag }: PinnedObject): Pick<LedgerFile, 'bucket' | 'key' | 'etag'> {
  return { bucket, key, etag };
}

function nameOf(source: PinnedObject): string {
  return `s3://${source.bucket}/${source.key}`;
}

function prepare() {
  const environment = readEnvironment('decompress');
  const roles = new AuditedRoles(readSettings('decompress').auditedRoles);
  return { s3: new S3Client(bounded), roles, bucket: environment.WORK_BUCKET };
}

export const handler = stepHandler(
  'Decompress',
  prepare,
  async (input: Fetched, { s3, roles, bucket }, context) => {
    const output = await decompress(input, { s3, roles, work: new WorkData(s3, bucket, context.execution) });
    context.count('Records', output.counts.records);
    return output;
  },
);
