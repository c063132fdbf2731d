import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { sha256 } from '../../core/hash.ts';
import { isObject } from '../../core/records/read.ts';
import { UsageError } from '../failure.ts';
import type { Scope } from './account-regions.ts';
import type { Minute } from './range.ts';

/** What a backfill is asked to do; a checkpoint belongs to one of these. */
export interface Asked extends Scope {
  from: Minute;
  to: Minute;
  /** where it sends to */
  queue: string;
}

/** How far a backfill came. */
export interface Checkpoint {
  asked: Asked;
  /** the key of the last file that the queue accepted; null: none yet */
  after: string | null;
  files: number;
  bytes: number;
  messages: number;
  /** everything was sent */
  done: boolean;
}

/** The file of a backfill in a state folder: the same words find the same file. */
export function checkpointFile(state: string, asked: Asked): string {
  const name = sha256(JSON.stringify(ordered(asked))).slice(0, 12);
  return join(state, `backfill-${name}.json`);
}

/** What the file holds; a new beginning when there is no file. Throws UsageError for a file of another backfill. */
export function readCheckpoint(file: string, asked: Asked): Checkpoint {
  if (!existsSync(file)) return { asked, after: null, files: 0, bytes: 0, messages: 0, done: false };
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new UsageError(`${file} is not a checkpoint: it is not JSON`, error);
  }
  if (!isObject(value) || !isObject(value.asked) || !('after' in value))
    throw new UsageError(`${file} is not a checkpoint of a backfill`);
  const [theirs, ours] = [ordered(value.asked as unknown as Asked), ordered(asked)];
  const differing = Object.keys(ours).find(
    name => JSON.stringify(theirs[name as keyof Asked]) !== JSON.stringify(ours[name as keyof Asked]),
  );
  if (differing)
    throw new UsageError(
      `${file} belongs to another backfill: its ${differing} differs; name another file with --checkpoint`,
    );
  return value as unknown as Checkpoint;
}

/** Keeps a checkpoint: the file holds the old one or the new one, whenever the process or the machine stops. */
export function writeCheckpoint(file: string, checkpoint: Checkpoint): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const descriptor = openSync(`${file}.new`, 'w');
  try {
    writeSync(descriptor, `${JSON.stringify(checkpoint, null, 2)}\n`);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  renameSync(`${file}.new`, file);
}

function ordered({ bucket, prefix, accounts, regions, from, to, queue }: Asked): Asked {
  return { bucket, prefix, accounts: [...accounts].sort(), regions: [...regions].sort(), from, to, queue };
}
