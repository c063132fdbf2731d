import { existsSync } from 'node:fs';
import { CliError } from '../failure.ts';
import type { Input } from '../inputs/input.ts';
import type { WalkedFile } from '../inputs/walk.ts';
import type { Portable } from './reading/portable.ts';
import { State } from './state/state.ts';

/**
 * Objects in S3 that a state knows, and that are as they were: a look at each would be a request. None where the state cannot be asked:
 * whoever writes it says why.
 */
export function knownObjects(file: string): (walked: WalkedFile) => Input | null {
  const known = new Map(existsSync(file) ? readKnown(file).map(said => [said.file, said]) : []);
  return ({ file, key, object, bytes }) => {
    const said = known.get(file);
    const same = said?.key === key && said.size === object?.size && said.object?.etag === object.etag;
    return said && same && bytes ? { ...said, bytes } : null;
  };
}

function readKnown(file: string): Portable[] {
  try {
    const state = State.forAsking(file);
    try {
      const rows = state.all<{ said: string }>('SELECT said FROM inputs WHERE changed IS NULL');
      return rows
        .map(({ said }) => JSON.parse(said) as Portable)
        .filter(({ archive }) => archive === undefined);
    } finally {
      state.close();
    }
  } catch (error) {
    if (error instanceof CliError) return [];
    throw error;
  }
}
