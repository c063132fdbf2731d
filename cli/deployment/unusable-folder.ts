import { statfsSync } from 'node:fs';
import { CliError } from '../failure.ts';

const reasons: Record<string, string> = {
  EACCES: 'your user may not write there',
  EPERM: 'your user may not write there',
  EROFS: 'the file system is read-only',
  ENOTDIR: 'a part of the path is a file',
  EEXIST: 'there is a file of that name',
  ENOSPC: 'no space is left on the disk',
  EDQUOT: 'the disk quota is used up',
};

/** Does something with a state folder. Throws CliError in one sentence where the system does not let this user. */
export function withState<T>(state: string, use: () => T): T {
  try {
    return use();
  } catch (error) {
    throw unusable(state, error);
  }
}

/** One sentence where the system does not let this user use a state folder; an error of another kind as it is. */
export function unusable(state: string, error: unknown): unknown {
  const reason = reasonFor(error);
  if (!reason) return error;
  const sentence = `the state folder ${state} cannot be used: ${reason}; name another folder with --state`;
  return new CliError(sentence, 1, error);
}

/** Why the system did not let this user write; null for an error of another kind. */
export function reasonFor(error: unknown): string | null {
  return reasons[(error as NodeJS.ErrnoException)?.code ?? ''] ?? null;
}

/** With less than this, in bytes, a table cannot grow. */
const littleSpace = 1024 * 1024;

/** Is the disk full that holds this folder? Who writes there meets it in many shapes, of which few say so. */
export function isDiskFull(folder: string): boolean {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize < littleSpace;
  } catch {
    return false;
  }
}

/** What is said of a full disk. */
export function diskFullSentence(folder: string): string {
  return `the disk that holds ${folder} is full: free some space, or name a folder on another disk with --state; what was processed so far is kept`;
}
