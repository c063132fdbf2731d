import { rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { readIfThere } from './files.ts';
import { checkOwnFolder, makeOwnFolder } from './own-folder.ts';

/** Another process runs an embedded cloud on the same state folder. */
export class StateInUse extends Error {
  override name = 'StateInUse';
}

/** Folders locked by this process: its own pid in a lock file says nothing about a process before it. */
const held = new Set<string>();

/**
 * Takes a state folder for this process. The lock of a process that is gone is taken over.
 * Answers how to give it back. Throws {@link StateInUse} naming the process,
 * ForeignFolder where another user could have filled it.
 */
export function lockState(state: string): () => void {
  const file = resolve(state, 'lock');
  makeOwnFolder(state);
  if (!write(file)) {
    const pid = ownerOf(state);
    if (pid !== null) throw new StateInUse(`${state} is in use by process ${pid} (${join(state, 'lock')})`);
    rmSync(file, { force: true });
    if (!write(file)) throw new StateInUse(`${state} has just been taken by another process`);
  }
  held.add(file);
  // Given back twice, it would be another process's by then.
  let isGivenBack = false;
  return () => {
    if (isGivenBack) return;
    isGivenBack = true;
    held.delete(file);
    rmSync(file, { force: true });
  };
}

/** The process that has the folder; null when none has. This one counts. Throws ForeignFolder as {@link lockState} does. */
export function ownerOf(state: string): number | null {
  checkOwnFolder(state);
  const file = resolve(state, 'lock');
  const text = readIfThere(file);
  if (text === null) return null;
  const pid = Number(text);
  return held.has(file) || (pid !== process.pid && isAlive(pid)) ? pid : null;
}

function write(file: string): boolean {
  try {
    writeFileSync(file, `${process.pid}`, { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it is there, and somebody else's.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
