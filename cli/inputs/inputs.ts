import { gzipSync } from 'node:zlib';
import { digestLocation } from '../../core/digests/digest-key.ts';
import { mostBytes } from '../../core/reading/log-object.ts';
import { logKeyParts } from '../../core/records/log-key.ts';
import { UsageError } from '../failure.ts';
import { bucketOfDigest } from '../integrity/copies.ts';
import { lookedAhead } from './ahead.ts';
import { type Bytes, fileBytes } from './bytes.ts';
import type { Input } from './input.ts';
import { type Kind, kindOf, mayBeMessage, messageText } from './kind.ts';
import { Look } from './look.ts';
import type { Other } from './others.ts';
import type { RefusedInput } from './refused.ts';
import { textOf } from './text.ts';
import { unpacked } from './unpacked.ts';
import { type Walked, type WalkedFile, walk } from './walk.ts';

export type { Input } from './input.ts';

export interface Inputs {
  /** in the order of delivery; members of an archive that is read from its beginning stand together, in its order */
  deliver: Input[];
  /** what was found there and is not delivered */
  others: Other[];
  /** what cannot be read, by name */
  refused: RefusedInput[];
  /** metadata of copied digests, by `DIGEST.head` */
  heads: ReadonlyMap<string, Bytes>;
}

/**
 * The sources behind the paths, told by what they hold: files, and members of archives at any depth that is allowed. Reads
 * the beginning of each, and tar archives whole; unpacks nothing to disk. Throws UsageError for a path that does not exist or
 * cannot be read, for paths without any file, and for two files that would be stored under one key.
 */
export async function findInputs(paths: readonly string[], signal?: AbortSignal): Promise<Inputs> {
  return lookInto(walkPaths(paths), signal);
}

/** The first half of {@link findInputs}, which opens no file: wrong paths are told before any work. */
export function walkPaths(paths: readonly string[]): Walked {
  return walkedTogether(paths, paths.map(walk));
}

/** What all paths lead to. Throws UsageError for paths without any file, and for two files that would be stored under one key. */
export function walkedTogether(paths: readonly string[], walked: readonly Walked[]): Walked {
  const others = walked.flatMap(each => each.others);
  const files = walked.flatMap(each => each.files);
  if (files.length + others.length === 0) throw new UsageError(`no files in ${paths.join(', ')}`);
  refuseClashes(files);
  return { files, others };
}

/** The other half. `known`: what a file is that needs no look, because it was looked into before. */
export async function lookInto(
  { files, others }: Walked,
  signal?: AbortSignal,
  known: (file: WalkedFile) => Input | null = () => null,
): Promise<Inputs> {
  const look = new Look();
  const fresh: WalkedFile[] = [];
  for (const file of files) {
    const before = known(file);
    if (before) look.inputs.push(before);
    else fresh.push(file);
  }
  for (const { file, key, size, object, bytes } of lookedAhead(fresh)) {
    signal?.throwIfAborted();
    await look.file(file, key, bytes ?? fileBytes(file, size), object);
  }
  const keys = new Set(look.inputs.map(({ key }) => key));
  return {
    deliver: inDeliveryOrder(look.inputs.map(input => underItsPacking(input, keys))),
    others: [...others, ...look.others],
    refused: look.refused,
    heads: look.heads,
  };
}

function refuseClashes(files: readonly { file: string; key: string }[]): void {
  const known = new Map<string, string>();
  for (const { file, key } of files) {
    const same = known.get(key);
    if (same !== undefined) {
      throw new UsageError(
        `${same} and ${file} would both be stored as ${key}: replay the folder above them`,
      );
    }
    known.set(key, file);
  }
}

/** Steps tell a gzip by its name: a browser unpacks what it saves, and keeps the name. */
function underItsPacking(input: Input, keys: ReadonlySet<string>): Input {
  const { key, layers, content } = input;
  const isNamed = /\.json(?:\.gz)?$/.test(key);
  if (input.export || digestLocation(key) !== null) return input;
  // What looks like no log file is refused under the name it has.
  if (isNamed && content !== 'log') return input;
  const isGzip = layers.length > 0 || isRepacked(input);
  if (isNamed && isGzip === key.endsWith('.gz')) return input;
  const right = `${key.replace(/(?:\.json)?(?:\.gz|\.zst)*$/, '')}.json${isGzip ? '.gz' : ''}`;
  return { ...input, key: keys.has(right) ? `${key}${isGzip ? '.json.gz' : '.json'}` : right };
}

/** Steps read UTF-8, plain or packed with gzip once, of so many bytes (core/reading/log-object.ts): a large plain file is packed. */
export function isRepacked({ layers, damaged, encoding, content, size }: Input): boolean {
  if (damaged || content !== 'log') return false;
  if (layers.length === 0 && size > mostPlain) return true;
  return encoding !== 'utf-8' || layers.length > 1 || layers.includes('zstd');
}

const mostPlain = mostBytes / 4;

/** In path order; log files of one trail by the time in their names, whatever account and region they are of. */
export function inDeliveryOrder(inputs: readonly Input[]): Input[] {
  return inputs
    .map(input => ({ input, path: pathOf(input) }))
    .sort((a, b) => compare(a.path, b.path))
    .map(({ input }) => input);
}

/** Whether {@link readKind} reads the whole source. */
export function isReadForKind(input: Input): boolean {
  return (
    digestLocation(input.key) !== null || (!input.export && !input.key.endsWith('.gz') && mayBeMessage(input))
  );
}

/** What the source is. Throws ArchiveError, and what the system says. */
export async function readKind(input: Input): Promise<Kind> {
  if (digestLocation(input.key)) return { kind: 'digest', bucket: bucketOfDigest(await readInput(input)) };
  if (input.export || input.key.endsWith('.gz')) return { kind: 'log' };
  const text = await messageText(input);
  return text === null ? { kind: 'log' } : kindOf(text);
}

/** The source's bytes as they lie there. Throws ArchiveError, and what the system says. */
export async function readInput({ bytes }: Input): Promise<Buffer> {
  return Buffer.concat(await Array.fromAsync(bytes.stream()));
}

/** A log file's bytes as steps read them: those that lie there, or the same text packed anew. Throws like {@link readInput}. */
export async function readLog(input: Input): Promise<Buffer> {
  if (!isRepacked(input)) return readInput(input);
  const { bytes, layers, most, encoding } = input;
  const parts: Buffer[] = [];
  // A gzip may have several members, one behind the other (RFC 1952, 2.2).
  for await (const text of textOf(unpacked(bytes.stream(), layers, most), encoding))
    if (text !== '') parts.push(gzipSync(text, { level: 1 }));
  return Buffer.concat(parts);
}

function pathOf({ key, order }: Input): string[] {
  if (order !== undefined) return [order];
  const time = logKeyParts(key)?.time;
  if (!time) return [key];
  const trail = key.indexOf('AWSLogs/');
  return [trail < 0 ? key.slice(0, key.lastIndexOf('/') + 1) : key.slice(0, trail + 8), time, key];
}

function compare(one: string[], other: string[]): number {
  for (const [index, part] of one.entries()) {
    const against = other[index];
    if (against === undefined) return 1;
    if (part !== against) return part < against ? -1 : 1;
  }
  return one.length - other.length;
}
