import { statSync } from 'node:fs';
import type { Refusal, TrailObject } from '../../steps/transport/payloads.ts';
import type { Planned } from './plan.ts';
import { sha256OfFile } from './state/file-hash.ts';
import type { State } from './state/state.ts';

/** What a message, or an export, came to beside its records. */
export interface Told {
  /** log files that a message announces */
  announced: TrailObject[];
  refusals: Refusal[];
  problems: string[];
}

export const nothingTold: Told = { announced: [], refusals: [], problems: [] };

/** What is new among the inputs; `changed`: a file that was read and is not what it was, so that all is to be read anew. */
export function whatIsNew(
  inputs: readonly Planned[],
  state: State,
): { fresh: Planned[] } | { changed: string } {
  const rows = state.all<{ file: string; key: string; size: number; changed: number; hash: string | null }>(
    'SELECT file, key, size, changed, hash FROM inputs',
  );
  const known = new Map(rows.map(row => [row.file, row]));
  const fresh: Planned[] = [];
  for (const planned of inputs) {
    const { file, key, size } = planned.input;
    const row = known.get(file);
    known.delete(file);
    if (!row) fresh.push(planned);
    else if (row.size !== size || row.key !== key) return { changed: file };
    else if (row.changed !== changedAt(file) && row.hash !== sha256OfFile(file)) return { changed: file };
  }
  const [gone] = known.keys();
  return gone === undefined ? { fresh } : { changed: gone };
}

/** When the file was changed last, in milliseconds. */
export function changedAt(file: string): number {
  return statSync(file).mtimeMs;
}
