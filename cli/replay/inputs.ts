import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join, sep } from 'node:path';
import { digestLocation } from '../../core/digests/digest-key.ts';
import { logKeyParts } from '../../core/records/log-key.ts';
import { CliError, UsageError } from '../failure.ts';
import { bucketOfDigest, isHead } from '../integrity/copies.ts';
import { type Kind, kindOf } from './kind.ts';

/** A file to deliver. `key`: its path below the folder that was named, with `/`: the object's key. */
export interface Input {
  file: string;
  key: string;
  size: number;
}

export interface Inputs {
  /** in the order of delivery */
  deliver: Input[];
  /** files that are neither `.json` nor `.json.gz`: nothing knows what to do with them */
  others: Input[];
}

/** No message that a queue takes is larger (SQS quotas: 1 MiB); a larger `.json` file is a log file. */
const largestMessage = 1024 * 1024;

/**
 * The files behind the paths. Throws UsageError for a path that does not exist or cannot be read, for paths without
 * any file, and for two files that would be stored under one key.
 */
export function findInputs(paths: readonly string[]): Inputs {
  const all = paths.flatMap(filesAt);
  if (all.length === 0) throw new UsageError(`no files in ${paths.join(', ')}`);
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
  const deliver = all.filter(({ key }) => /\.json(?:\.gz)?$/.test(key));
  // What S3 keeps beside a digest, for copies: read with it.
  const others = all.filter(input => !deliver.includes(input) && !isHead(input.key));
  return { deliver: inDeliveryOrder(deliver), others };
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
  if (input.key.endsWith('.gz') || input.size > largestMessage) return { kind: 'log' };
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

function filesAt(path: string): Input[] {
  try {
    if (!statSync(path).isDirectory()) return [inputAt(path, basename(path))];
    return readdirSync(path, { recursive: true, encoding: 'utf8' })
      .map(name => inputAt(join(path, name), name.split(sep).join('/')))
      .filter(input => statSync(input.file).isFile());
  } catch (error) {
    const { code, message, path: at } = error as NodeJS.ErrnoException;
    const gone = code === 'ENOENT' && at === path;
    throw new UsageError(gone ? `${path} does not exist` : `cannot read ${path}: ${message}`, error);
  }
}

function inputAt(file: string, key: string): Input {
  return { file, key, size: statSync(file).size };
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
