import { reasonFor } from '../../deployment/unusable-folder.ts';
import { CliError } from '../../failure.ts';

/** SQLite's result codes (sqlite.org/rescode.html). */
const busy = 5;
const readOnly = 8;
const full = 13;
const cannotOpen = 14;
const notADatabase = 26;

/** Does something with a state's file. Throws CliError in one sentence for what a user can mend. */
export function guarded<T>(file: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw sentenceOf(file, error) ?? error;
  }
}

/** The same for rows as they are taken: a sort may need more space than there is. */
export function* guardedRows<T>(file: string, rows: () => Iterable<T>): Generator<T> {
  try {
    yield* rows();
  } catch (error) {
    throw sentenceOf(file, error) ?? error;
  }
}

function sentenceOf(file: string, error: unknown): CliError | null {
  const { errcode, message = '' } = error as { errcode?: number; message?: string };
  const say = (text: string) => new CliError(text, 1, error);
  if (errcode === undefined) {
    const reason = reasonFor(error);
    return reason === null
      ? null
      : say(`the state ${file} cannot be used: ${reason}; name another file with --state`);
  }
  switch (errcode & 0xff) {
    case busy:
      return say(`${file} is in use by another trace: wait for its end, or name another file with --state`);
    case full:
      return say(
        `the disk that holds ${file}, or the one for temporary files (SQLITE_TMPDIR, TMPDIR or /var/tmp), is full: free some space and run the same command again, which goes on where it stopped`,
      );
    case readOnly:
    case cannotOpen:
      return say(`the state ${file} cannot be used (${message}): name another file with --state`);
    case notADatabase:
      return say(`${file} is not a state of roletrail trace`);
    default:
      return null;
  }
}
