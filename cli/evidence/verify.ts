import { isDeepStrictEqual } from 'node:util';
import { strFromU8, unzipSync } from 'fflate';
import { digestOf } from '../../steps/cloudtrail/digest.ts';
import { normalize } from '../../steps/cloudtrail/normalize.ts';
import { AuditedRoles } from '../../steps/cloudtrail/roles.ts';
import type { Provenance } from '../../steps/contract.ts';
import { correlate } from '../../steps/linking/correlate.ts';
import { MemorySessionStore } from '../../steps/linking/memory-store.ts';
import { UsageError } from '../failure.ts';
import { type BundledRecord, format, type Manifest, manifestName, type Report, sha256 } from './bundle.ts';

export interface Verified {
  session: string;
  files: number;
  records: number;
  /** sentences; none: the bundle is whole, and its records lead to the answer it tells */
  problems: string[];
}

/**
 * Checks a bundle with nothing but its bytes: each file against the manifest, each record against its digest, and the
 * answer by deriving it anew from the records. Throws UsageError for bytes that are no bundle.
 */
export async function verifyBundle(bytes: Uint8Array, name: string): Promise<Verified> {
  const files = unzipped(bytes, name);
  const manifest = parsed<Manifest>(files[manifestName]);
  if (manifest?.format !== format || !Array.isArray(manifest.files))
    throw new UsageError(`${name} is no evidence bundle`);
  const problems = againstManifest(files, manifest);
  const report = parsed<Report>(files['report.json']);
  const records = linesOf(files['records.ndjson']);
  if (!report || !records) problems.push('report.json or records.ndjson is missing or no JSON');
  else problems.push(...(await derived(report, records, manifest)));
  return {
    session: String(manifest.session),
    files: manifest.files.length,
    records: records?.length ?? 0,
    problems,
  };
}

function unzipped(bytes: Uint8Array, name: string): Record<string, Uint8Array> {
  try {
    return unzipSync(bytes);
  } catch (error) {
    throw new UsageError(`${name} is no zip file`, error);
  }
}

function againstManifest(files: Record<string, Uint8Array>, manifest: Manifest): string[] {
  const listed = new Map(manifest.files.map(each => [each.path, each.sha256]));
  const strange = Object.keys(files).filter(path => path !== manifestName && !listed.has(path));
  const problems = strange.map(path => `${path} is not in the manifest`);
  for (const [path, sum] of listed) {
    const bytes = files[path];
    if (!bytes) problems.push(`${path} is missing`);
    else if (sha256(bytes) !== sum) problems.push(`${path} is not what the manifest says`);
  }
  return problems;
}

async function derived(
  { answer, calls }: Report,
  records: readonly BundledRecord[],
  { session }: Manifest,
): Promise<string[]> {
  const problems = records
    .filter(({ record, digest }) => digestOf(record) !== digest)
    .map(({ eventID }) => `the record ${eventID} is not what its digest says`);
  if (answer.session !== session) problems.push('the report and the manifest speak of two sessions');
  const there = new Set(records.map(each => each.eventID));
  const cited = [...answer.chain.flatMap(hop => hop.eventIDs), ...calls];
  problems.push(...cited.filter(id => !there.has(id)).map(id => `the record ${id} is cited and not there`));
  const again = await answerAgain(answer.credential, session, records);
  if (!again) problems.push('the records lead to no such session');
  else {
    // What is told as unknown, because the logs have a gap, is unlinked by the records alone.
    const status = answer.status === 'unknown' ? 'unlinked' : answer.status;
    if (again.status !== status)
      problems.push(`the records lead to ${again.status}, the report says ${answer.status}`);
    for (const part of ['chain', 'origin', 'issuerEventIDs'] as const) {
      if (!isDeepStrictEqual(again[part], answer[part])) problems.push(`the records lead to another ${part}`);
    }
  }
  return problems;
}

async function answerAgain(credential: string, session: string, records: readonly BundledRecord[]) {
  const roles = new AuditedRoles(['*']);
  const events = records.map(({ record, source, provenance, recipientAccountId, digest }) =>
    normalize(
      JSON.parse(record),
      { source, provenance: provenance as Provenance, account: recipientAccountId },
      roles,
      digest,
    ),
  );
  const store = new MemorySessionStore();
  await correlate(events, store);
  const { answers } = await store.read(credential);
  return answers.find(answer => answer.session === session);
}

function parsed<T>(bytes: Uint8Array | undefined): T | null {
  try {
    return bytes ? (JSON.parse(strFromU8(bytes)) as T) : null;
  } catch {
    // Told by who asked: a file of the bundle is no JSON.
    return null;
  }
}

function linesOf(bytes: Uint8Array | undefined): BundledRecord[] | null {
  const text = bytes ? strFromU8(bytes).trimEnd() : null;
  return text === null
    ? null
    : parsed<BundledRecord[]>(new TextEncoder().encode(`[${text.replaceAll('\n', ',')}]`));
}
