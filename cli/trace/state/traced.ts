import { statSync } from 'node:fs';
import { join } from 'node:path';

/** The file of a trace's state in a state folder, beside what a replay has there. */
export const stateName = 'trace.sqlite';

/** The file of the trace that a state is: itself, or the one in the folder, where nothing was replayed there since. Null: a replay's. */
export function traceIn(state: string): string | null {
  if (statSync(state, { throwIfNoEntry: false })?.isFile()) return state;
  const file = join(state, stateName);
  const traced = changedAt(file);
  // Each replay writes what it is configured with.
  return traced === null || traced < (changedAt(join(state, 'config.json')) ?? 0) ? null : file;
}

function changedAt(file: string): number | null {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? null;
}
