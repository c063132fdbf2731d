import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isObject } from '../../core/records/read.ts';
import { dayMillis } from '../../core/records/times.ts';

/** A user may be renamed: after a week the store is asked again. */
const longest = 7 * dayMillis;

interface Kept {
  name: string;
  /** when it was asked for, ISO 8601 */
  at: string;
}

/** The names that an identity store said lately, by user id; empty where none are kept, or where the file is broken. */
export function keptNames(state: string, store: string, now: Date = new Date()): Map<string, string> {
  const fresh = [...entriesOf(state, store)].filter(([, { at }]) => now.getTime() - Date.parse(at) < longest);
  return new Map(fresh.map(([id, { name }]) => [id, name]));
}

/** Keeps names for the next command, for this user's eyes only. A folder that cannot be written keeps nothing. */
export function keepNames(
  state: string,
  store: string,
  names: ReadonlyMap<string, string>,
  now: Date = new Date(),
): void {
  const at = now.toISOString();
  const entries = new Map([
    ...entriesOf(state, store),
    ...[...names].map(([id, name]) => [id, { name, at }] as const),
  ]);
  const file = fileOf(state, store);
  const next = `${file}.${process.pid}`;
  try {
    mkdirSync(state, { recursive: true, mode: 0o700 });
    writeFileSync(next, `${JSON.stringify(Object.fromEntries(entries), null, 2)}\n`, { mode: 0o600 });
    renameSync(next, file);
  } catch {
    // Kept or not, the names are known now; the next command asks again.
  }
}

function entriesOf(state: string, store: string): Map<string, Kept> {
  try {
    const value: unknown = JSON.parse(readFileSync(fileOf(state, store), 'utf8'));
    return new Map(Object.entries(isObject(value) ? value : {}).filter(isKept));
  } catch {
    return new Map();
  }
}

function isKept(entry: [string, unknown]): entry is [string, Kept] {
  const [, value] = entry;
  return isObject(value) && typeof value.name === 'string' && typeof value.at === 'string';
}

function fileOf(state: string, store: string): string {
  return join(state, `names-${store}.json`);
}
