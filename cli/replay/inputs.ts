import { readFileSync } from 'node:fs';
import { digestLocation } from '../../core/digests/digest-key.ts';
import { logKeyParts } from '../../core/records/log-key.ts';
import { CliError, UsageError } from '../failure.ts';
import { largestMessage } from '../front-door/queue-sender.ts';
import { bucketOfDigest, isHead } from '../integrity/copies.ts';
import { type Peeked, peek } from './contents.ts';
import type { Input } from './input.ts';
import { type Kind, kindOf, looksLikeMessage } from './kind.ts';
import type { Other } from './others.ts';
import { walk } from './walk.ts';

export type { Input } from './input.ts';

export interface Inputs {
  /** in the order of delivery */
  deliver: Input[];
  /** what was found there and is not delivered */
  others: Other[];
}

/**
 * The files behind the paths, told by what they hold. Throws UsageError for a path that does not exist or cannot be read, for
 * paths without any file, and for two files that would be stored under one key.
 */
export function findInputs(paths: readonly string[]): Inputs {
  const walked = paths.map(walk);
  const others = walked.flatMap(each => each.others);
  const all = walked.flatMap(each => each.files);
  if (all.length + others.length === 0) throw new UsageError(`no files in ${paths.join(', ')}`);
  const known = new Map<string, Input>();
  for (const input of all) {
    const same = known.get(input.key);
    if (same) {
      throw new UsageError(
        `${same.file} and ${input.file} would both be stored as ${input.key}: replay the folder above them`,
      );
    }
    known.set(input.key, input);
  }
  const deliver: Input[] = [];
  for (const input of all) {
    // What S3 keeps beside a digest, for copies: read with it.
    if (isHead(input.key)) continue;
    const found = lookInto(input);
    if ('what' in found) others.push(found);
    else deliver.push(found);
  }
  const keys = new Set(deliver.map(({ key }) => key));
  return { deliver: inDeliveryOrder(deliver.map(input => underItsPacking(input, keys))), others };
}

function lookInto(input: Input): Input | Other {
  let peeked: Peeked;
  try {
    peeked = peek(input.file);
  } catch {
    return { ...input, what: 'unreadable' };
  }
  const { content, packing } = peeked;
  const looked = { ...input, packing };
  if (content === 'log') return looked;
  if (content === 'records') return isOneMessage(looked) ? looked : { ...looked, isExport: true };
  // A name that CloudTrail gave says more than damaged or foreign bytes: the step that reads it refuses it by name.
  if (logKeyParts(input.key) || digestLocation(input.key)) return looked;
  const isNamedJson = /\.json(?:\.gz)?$/.test(input.key);
  if (isNamedJson && (content === 'other' || content === 'empty')) return looked;
  if (content === 'json' && isNamedJson && isForTheDoor(looked)) return looked;
  return { ...input, what: content };
}

/** JSON that is no export: a message, or what is broken as a log file. */
function isForTheDoor(input: Input): boolean {
  if (input.packing !== 'plain' || input.size > largestMessage) return false;
  const text = readInput(input).toString('utf8');
  return kindOf(text).kind !== 'message' || looksLikeMessage(text);
}

/** An EventBridge event holds a record, too: it comes in as the message that it is. */
function isOneMessage(input: Input): boolean {
  if (input.packing !== 'plain' || input.size > largestMessage) return false;
  const text = readInput(input).toString('utf8');
  return kindOf(text).kind !== 'log' && looksLikeMessage(text);
}

/** Steps tell a gzip by its name: a browser unpacks what it saves, and keeps the name. */
function underItsPacking(input: Input, keys: ReadonlySet<string>): Input {
  const { key, packing, isExport } = input;
  const isLog = !isExport && digestLocation(key) === null;
  const isNamed = /\.json(?:\.gz)?$/.test(key);
  if (!isLog || (isNamed && (packing === 'damaged' || (packing === 'gzip') === key.endsWith('.gz'))))
    return input;
  // What looks like no gzip and like no JSON is refused under the name it has.
  if (packing === 'plain' && isNamed && peek(input.file).content !== 'log') return input;
  const bare = key.replace(/(?:\.json)?(?:\.gz)?$/, '');
  const right = `${bare}.json${packing === 'gzip' ? '.gz' : ''}`;
  return { ...input, key: keys.has(right) ? `${key}${packing === 'gzip' ? '.json.gz' : '.json'}` : right };
}

/** In path order; log files of one trail by the time in their names, whatever account and region they are of. */
export function inDeliveryOrder(inputs: readonly Input[]): Input[] {
  return inputs
    .map(input => ({ input, path: pathOf(input.key) }))
    .sort((a, b) => compare(a.path, b.path))
    .map(({ input }) => input);
}

/** What the file is. Throws CliError when it can no longer be read. */
export function readKind(input: Input): Kind {
  if (digestLocation(input.key)) return { kind: 'digest', bucket: bucketOfDigest(readInput(input)) };
  if (input.isExport || input.packing === 'gzip' || input.key.endsWith('.gz') || input.size > largestMessage)
    return { kind: 'log' };
  return kindOf(readInput(input).toString('utf8'));
}

/** The file's bytes. Throws CliError naming the file. */
export function readInput(input: Input): Buffer {
  try {
    return readFileSync(input.file);
  } catch (error) {
    throw new CliError(`cannot read ${input.file}: ${(error as Error).message}`, 1, error);
  }
}

function pathOf(key: string): string[] {
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
