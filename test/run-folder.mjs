import { existsSync, mkdirSync, readdirSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

// The embedded table syncs each write to the disk. Tests need no such promise: where there is room in memory, their
// folders lie there, which spares minutes on a slow disk.
const memory = '/dev/shm';
const roomNeeded = 4e9;
const prefix = 'roletrail-tests-';

/** The folder of this run, empty. Folders of runs that were killed, which could not delete theirs, go. */
export function runFolder() {
  const parent = process.env.TMPDIR ? tmpdir() : hasRoom(memory) ? memory : tmpdir();
  for (const name of readdirSync(parent).filter(each => each.startsWith(prefix))) {
    if (!isRunning(Number(name.slice(prefix.length))))
      rmSync(join(parent, name), { recursive: true, force: true });
  }
  const folder = join(parent, `${prefix}${process.pid}`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return folder;
}

function hasRoom(folder) {
  if (!existsSync(folder)) return false;
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize > roomNeeded;
}

function isRunning(id) {
  try {
    process.kill(id, 0);
    return true;
  } catch (error) {
    // EPERM: somebody else's process.
    return error.code === 'EPERM';
  }
}
