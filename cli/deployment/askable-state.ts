import {
  accessSync,
  chmodSync,
  constants,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withState } from './unusable-folder.ts';

/** A state folder that can be asked, and what to do with it afterwards. */
export interface Askable {
  folder: string;
  /** was the state copied, because it takes no writes? */
  copied: boolean;
  remove(): void;
}

/** What only says who uses the folder, and where. */
const ofAProcess = ['lock', 'running.json'];

/**
 * The state folder itself; of one that takes no writes (an archived state, a read-only disk) a copy for this question, because tables are
 * opened for writing. Throws CliError if the folder cannot be read or the disk has no space for the copy.
 */
export function askableState(state: string): Askable {
  if (takesWrites(state)) return { folder: state, copied: false, remove: () => {} };
  const folder = mkdtempSync(join(tmpdir(), 'roletrail-asked-'));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  try {
    withState(state, () => copyFolder(state, folder));
  } catch (error) {
    remove();
    throw error;
  }
  return { folder, copied: true, remove };
}

function takesWrites(state: string): boolean {
  try {
    accessSync(state, constants.W_OK);
    return true;
  } catch (error) {
    // A folder that is not there is told of by whoever opens it.
    return (error as NodeJS.ErrnoException).code === 'ENOENT';
  }
}

function copyFolder(from: string, to: string): void {
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, copy] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) {
      mkdirSync(copy, { mode: 0o700 });
      copyFolder(source, copy);
    } else if (entry.isFile() && !ofAProcess.includes(entry.name)) {
      copyFileSync(source, copy, constants.COPYFILE_FICLONE);
      // A copy has the mode of what it was made of.
      chmodSync(copy, 0o600);
    }
  }
}
