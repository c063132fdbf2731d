import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type Cloud,
  checkOwnFolder,
  ForeignFolder,
  makeOwnFolder,
  ownerOf,
  startCloud,
} from '@roletrail/local';
import type { RoletrailConfig } from '../../infra/roletrail-config.ts';
import { CliError } from '../failure.ts';
import { isSealed, sealOf } from './assembly-seal.ts';
import { fingerprintOf, KeptAssemblies } from './kept-assemblies.ts';
import { synthesizeApart } from './synthesize-apart.ts';

/** A replay takes any names: whoever replays a folder of files names them, and nobody else writes there. */
const logNames = 'any';

/**
 * Makes the state folder hold the assembly of this configuration and these sources; does nothing when it does already.
 * The mark is removed first and written last, so that a synthesis that was cut off is never taken for whole.
 */
export async function prepareState(
  state: string,
  config: RoletrailConfig,
): Promise<'synthesized' | 'unchanged'> {
  checkState(state, makeOwnFolder);
  const fingerprint = fingerprintOf(config, logNames);
  if (readMark(state)?.fingerprint === fingerprint && isOurs(state)) return 'unchanged';
  refuseInUse(state);
  rmSync(markOf(state), { force: true });
  rmSync(assemblyOf(state), { recursive: true, force: true });
  const kept = new KeptAssemblies();
  if (!kept.take(fingerprint, assemblyOf(state))) {
    await synthesizeApart(config, assemblyOf(state), logNames);
    kept.keep(fingerprint, assemblyOf(state));
  }
  writeFileSync(markOf(state), [fingerprint, sealOf(assemblyOf(state)) ?? ''].join(' '));
  return 'synthesized';
}

/** Starts the embedded cloud on what the folder holds. Throws CliError when nothing was replayed into it yet. */
export async function openState(state: string, port = 0): Promise<Cloud> {
  checkState(state);
  if (!existsSync(markOf(state))) {
    throw new CliError(`nothing was replayed into ${state} yet: run npm start, or roletrail replay PATH`);
  }
  refuseInUse(state);
  if (!isOurs(state)) {
    throw new CliError(
      `${state} holds code that was not synthesized here or has changed since, so it is not run: replay into it again, or name another folder with --state`,
    );
  }
  return startCloud({ assembly: assemblyOf(state), state, port });
}

/** Forgets everything a state folder holds. Refuses a folder that is not a state of ours, whatever is in it. */
export function clearState(state: string): void {
  if (!existsSync(state)) return;
  checkState(state);
  refuseInUse(state);
  // Asking a deployed stack leaves its own here before anything was replayed: checkpoints of a backfill, names.
  const held = readdirSync(state).filter(name => !/^(?:backfill|names)-/.test(name));
  const strange = held.length > 0 && !existsSync(markOf(state)) && !existsSync(assemblyOf(state));
  if (strange)
    throw new CliError(
      `${state} is not a state folder of roletrail, and --fresh would delete its contents: name another folder with --state`,
    );
  rmSync(state, { recursive: true });
}

/** Throws CliError for a state folder that another user could have filled: nothing in it is read or run. */
export function checkState(state: string, look = checkOwnFolder): void {
  try {
    look(state);
  } catch (error) {
    if (error instanceof ForeignFolder) throw new CliError(`${error.message} with --state`);
    throw error;
  }
}

/** Nothing is taken away from under a cloud that runs: it would lose what it is about to write. */
function refuseInUse(state: string): void {
  const owner = ownerOf(state);
  if (owner === null) return;
  throw new CliError(
    `${state} is in use by process ${owner}: stop that process first, or name another folder with --state; look-ups (who, sessions, console…) work meanwhile`,
  );
}

interface Mark {
  fingerprint: string;
  seal: string;
}

/** What was synthesized, and what shows by whom; null where nothing was. */
function readMark(state: string): Mark | null {
  if (!existsSync(markOf(state))) return null;
  const [fingerprint = '', seal = ''] = readFileSync(markOf(state), 'utf8').split(' ');
  return { fingerprint, seal };
}

/** Did this user put there the code that the folder would run? It may have come in an archive. */
function isOurs(state: string): boolean {
  const mark = readMark(state);
  return mark !== null && existsSync(assemblyOf(state)) && isSealed(assemblyOf(state), mark.seal);
}

function assemblyOf(state: string): string {
  return join(state, 'cdk.out');
}

function markOf(state: string): string {
  return join(state, 'synthesized');
}
