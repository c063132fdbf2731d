import { statSync } from 'node:fs';
import { CliError } from '../../failure.ts';

const writableByAll = 0o002;

/** Throws CliError for a file that another user of the machine could have filled: its answers may be anything. */
export function checkOwnFile(file: string): void {
  const found = statSync(file, { throwIfNoEntry: false });
  if (!found) return;
  const own = process.getuid?.() ?? found.uid;
  const why =
    found.uid !== own
      ? 'belongs to another user of this machine'
      : (found.mode & writableByAll) !== 0
        ? 'may be written by every user of this machine'
        : null;
  if (why !== null)
    throw new CliError(`${file} ${why}, who could have put any answer there: trace into another --state`);
}
