import { inflateRawSync } from 'node:zlib';
import { type PublicKey, parsePublicKeys } from '../../core/digests/public-keys.ts';
import { UsageError } from '../failure.ts';
import { megabytes } from '../views/text/format.ts';
import { entriesOf, type Parts } from './bundle.ts';
import {
  type BundledObject,
  type BundledProofs,
  type BundledRecord,
  format,
  keysName,
  type Manifest,
  manifestName,
  mostBundleBytes,
  mostJsonBytes,
  mostRecordBytes,
  pageName,
  proofsName,
  type Report,
  recordsName,
  reportName,
} from './format.ts';
import type { Fetched } from './objects.ts';
import { areBytes, type Entry, storedEntries, storedZip } from './stored-zip.ts';

export type Files = ReadonlyMap<string, Uint8Array>;

/** A bundle's files by path; of two with one path the first: that there is another shows when it is built again. */
export interface Unpacked {
  files: Files;
  manifest: Manifest;
}

/** A manifest lists each file in some 150 bytes: 65,535 of them need no more. */
const mostManifestBytes = 20_000_000;

/**
 * The files of a bundle. Throws UsageError for what is not a bundle, a damaged one, one of another format, by name, or one that is
 * larger than any. Nothing is unpacked: the files are stored.
 */
export function unpacked(bytes: Uint8Array, name: string): Unpacked {
  if (bytes.length > mostBundleBytes)
    throw new UsageError(
      `${name} is not an evidence bundle: it is larger than ${megabytes(mostBundleBytes)}`,
    );
  const entries = storedEntries(bytes);
  const stated = formatOf(entries ? (entries[0] ?? null) : packedManifest(bytes));
  if (stated !== null && stated !== format)
    throw new UsageError(`${name} is a bundle of another format: ${stated}, not ${format}`);
  if (!entries) throw new UsageError(`${name} is not the zip file of a bundle, or is damaged`);
  const files = new Map<string, Uint8Array>();
  for (const entry of entries) if (!files.has(entry.path)) files.set(entry.path, entry.bytes);
  const manifest = parsed<Manifest>(files.get(manifestName));
  if (stated === null || !manifest || !Array.isArray(manifest.files))
    throw new UsageError(`${name} is not an evidence bundle`);
  return { files, manifest };
}

/** Bundles up to the second format were packed, their manifest first. Null for anything else. */
function packedManifest(bytes: Uint8Array): Entry | null {
  const zip = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (zip.length < 30 || zip.readUInt32LE(0) !== 0x04034b50) return null;
  const from = 30 + zip.readUInt16LE(26) + zip.readUInt16LE(28);
  const packed = zip.subarray(from, from + zip.readUInt32LE(18));
  try {
    const text = inflateRawSync(packed, { maxOutputLength: mostManifestBytes });
    return { path: zip.toString('latin1', 30, 30 + zip.readUInt16LE(26)), bytes: text };
  } catch {
    // No packed manifest: the caller says what the file is instead.
    return null;
  }
}

function formatOf(first: Entry | null): string | null {
  if (first?.path !== manifestName || first.bytes.length > mostManifestBytes) return null;
  const stated = parsed<Manifest>(first.bytes)?.format;
  return typeof stated === 'string' && /^roletrail-evidence-\d{1,4}$/.test(stated) ? stated : null;
}

/** What a bundle says. */
export interface Content extends Parts {
  listed: BundledProofs;
}

/** What is in the bundle's own files. Throws an Error whose message names the file that is not what it should be. */
export function contentOf({ files, manifest }: Unpacked): Content {
  for (const name of [reportName, proofsName, keysName]) {
    if ((files.get(name)?.length ?? 0) > mostJsonBytes)
      throw new Error(`${name} has more than ${megabytes(mostJsonBytes)}`);
  }
  const report = parsed<Report>(files.get(reportName));
  const listed = parsed<BundledProofs>(files.get(proofsName));
  if (!report?.answer) throw new Error(`${reportName} is missing or not JSON`);
  if (!listed) throw new Error(`${proofsName} is missing or not JSON`);
  const paths = [...listed.digests, ...(listed.logs ?? [])].flatMap(({ path }) => path ?? []);
  // Else a list of a megabyte makes one large file be read ten thousand times.
  if (new Set(paths).size !== paths.length) throw new Error(`${proofsName} names a file twice`);
  const digests = listed.digests.map(({ signature, generated, ...each }) => ({
    ...fetched(each, files),
    head: { signature, generated },
  }));
  const logs = listed.logs?.map(each => fetched(each, files)) ?? null;
  return {
    version: manifest.version,
    report,
    records: recordsIn(files.get(recordsName)),
    proofs: { digests, logs, keys: keysIn(files.get(keysName)) },
    listed,
  };
}

/**
 * Sentences on each way in which a bundle's bytes are not those that its own content is written as: a file that says anything
 * beside it, two of one name, one that is not listed, anything before, between or after the files, whatever headers say.
 */
export function rebuildProblems(content: Parts, files: Files, bytes: Uint8Array): string[] {
  const entries = entriesOf(content);
  if (areBytes(storedZip(entries), bytes)) return [];
  const known = new Set(entries.map(({ path }) => path));
  const problems = entries.flatMap(({ path, bytes: own }) => {
    const there = files.get(path);
    if (!there) return [`${path} is missing`];
    return sameBytes(own, there) ? [] : [`${path} has changed since it was written`];
  });
  const strange = [...files.keys()].filter(path => !known.has(path));
  problems.push(...strange.map(path => `${path} does not belong in a bundle`));
  return problems.length > 0
    ? problems
    : ['the zip holds more than its files, or stores them in another form'];
}

export function sameBytes(one: Uint8Array, other: Uint8Array | undefined): boolean {
  return other !== undefined && Buffer.compare(one, other) === 0;
}

function fetched({ uri, path, missing }: BundledObject, files: Files): Fetched {
  const bytes = path === null ? null : (files.get(path) ?? null);
  return { uri, bytes, head: { signature: null, generated: null }, missing };
}

function keysIn(bytes: Uint8Array | undefined): PublicKey[] {
  try {
    return parsePublicKeys(Buffer.from(bytes ?? []).toString('utf8'));
  } catch (error) {
    throw new Error(`${keysName} cannot be read: ${(error as Error).message}`);
  }
}

/** Null for a file that is missing or not JSON: the caller reports it. */
function parsed<T>(bytes: Uint8Array | undefined): T | null {
  try {
    return bytes
      ? (JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')) as T)
      : null;
  } catch {
    return null;
  }
}

/** The lines of `records.ndjson`, one at a time: as one text they would be in memory twice. */
function recordsIn(bytes: Uint8Array | undefined): BundledRecord[] {
  if (!bytes) throw new Error(`${recordsName} is missing`);
  if (bytes.length > mostRecordBytes)
    throw new Error(`${recordsName} has more than ${megabytes(mostRecordBytes)}`);
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const records: BundledRecord[] = [];
  for (let at = 0; at < text.length; ) {
    const end = text.indexOf(0x0a, at);
    const line = parsed<BundledRecord>(text.subarray(at, end < 0 ? text.length : end));
    if (!isRecord(line)) throw new Error(`${recordsName} has a line that is not a record`);
    records.push(line);
    at = end < 0 ? text.length : end + 1;
  }
  return records;
}

/** The first line that is not a record ends the check: millions of them would fill memory with problems. */
function isRecord(line: BundledRecord | null): line is BundledRecord {
  if (!line) return false;
  const { eventID, recipientAccountId, provenance, source, digest, record } = line;
  const texts = [eventID, recipientAccountId, provenance, source, record].every(
    each => typeof each === 'string',
  );
  return texts && /^[0-9a-f]{64}$/.test(digest);
}

/** The page of the bundle itself, for the check of all else where another version wrote it. */
export function withPage(content: Content, files: Files): Parts {
  const page = files.get(pageName);
  return page ? { ...content, page } : content;
}
