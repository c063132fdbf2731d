import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type Cloud,
  checkOwnFolder,
  ForeignFolder,
  lockState,
  makeOwnFolder,
  ownerOf,
  StateInUse,
  startCloud,
} from '@roletrail/local';
import { parseConfig } from '../../infra/config.ts';
import type { RoletrailConfig } from '../../infra/roletrail-config.ts';
import { CliError } from '../failure.ts';
import { functionCache } from '../project.ts';
import { stateName } from '../trace/state/traced.ts';
import { isSealed, sealOf } from './assembly-seal.ts';
import { requireCloud } from './embedded-cloud.ts';
import { fingerprintOf, KeptAssemblies } from './kept-assemblies.ts';
import { synthesizeApart } from './synthesize-apart.ts';
import { unusable, withState } from './unusable-folder.ts';

/** A replay takes any names: whoever replays a folder of files names them, and nobody else writes there. */
const logNames = 'any';

/** Gives a state folder back that this process took. */
export type Release = () => void;

/**
 * Takes a state folder for this process before any work is done for it: two replays that begin at once would undo each other's.
 * Answers how to give it back; a cloud that is opened with it gives it back itself. Throws CliError: it is in use, or takes no writes.
 */
export function takeState(state: string): Release {
  requireCloud();
  checkState(state, makeOwnFolder);
  refuseInUse(state);
  try {
    return withState(state, () => lockState(state));
  } catch (error) {
    if (error instanceof StateInUse) throw new CliError(inUse(error.message));
    throw error;
  }
}

/**
 * Makes the state folder hold the assembly of this configuration and these sources; does nothing when it does already.
 * The mark is removed first and written last, so that a synthesis that was cut off is never taken for whole.
 */
export async function prepareState(
  state: string,
  config: RoletrailConfig,
  taken?: Release,
): Promise<'synthesized' | 'unchanged'> {
  checkState(state, makeOwnFolder);
  const fingerprint = fingerprintOf(config, logNames);
  if (ownMark(state)?.fingerprint === fingerprint) {
    withState(state, () => keepConfig(state, config));
    return 'unchanged';
  }
  if (!taken) refuseInUse(state);
  try {
    await synthesizeInto(state, config, fingerprint);
  } catch (error) {
    throw unusable(state, error);
  }
  return 'synthesized';
}

async function synthesizeInto(state: string, config: RoletrailConfig, fingerprint: string): Promise<void> {
  rmSync(markOf(state), { force: true });
  rmSync(assemblyOf(state), { recursive: true, force: true });
  const kept = new KeptAssemblies();
  if (!kept.take(fingerprint, assemblyOf(state))) {
    await synthesizeApart(config, assemblyOf(state), logNames);
    kept.keep(fingerprint, assemblyOf(state));
  }
  keepConfig(state, config);
  writeFileSync(markOf(state), [fingerprint, sealOf(assemblyOf(state)) ?? ''].join(' '));
}

function keepConfig(state: string, config: RoletrailConfig): void {
  writeFileSync(configOf(state), JSON.stringify(config, null, 2));
}

/** What the folder was last made for, whatever folder one stands in; null when nothing was replayed into it. Throws ConfigError. */
export function keptConfig(state: string): RoletrailConfig | null {
  if (!existsSync(markOf(state)) || !existsSync(configOf(state))) return null;
  return parseConfig(JSON.parse(readFileSync(configOf(state), 'utf8')), configOf(state));
}

/**
 * Starts the embedded cloud on what the folder holds; `taken`: this process has it already; `called`: what a
 * sentence calls the folder, where it is a copy. Throws CliError when nothing was
 * replayed into it yet.
 */
export async function openState(
  state: string,
  port = 0,
  taken?: Release,
  called: string = state,
): Promise<Cloud> {
  checkState(state);
  requireCloud();
  if (!existsSync(markOf(state))) {
    throw new CliError(`nothing was replayed into ${called} yet: run npm start, or roletrail replay PATH`);
  }
  if (!taken) refuseInUse(state);
  if (!ownMark(state)) {
    throw new CliError(
      `${called} holds code that was not synthesized here or has changed since, so it is not run: replay into it again, or name another folder with --state`,
    );
  }
  const assembly = assemblyOf(state);
  return startCloud({ assembly, state, port, compiled: functionCache, ...(taken && { unlock: taken }) });
}

/**
 * Forgets everything a state folder holds of replays, but that it is `taken`. Refuses a folder that is not a state of ours, whatever is in it.
 */
export function clearState(state: string, taken?: Release): void {
  if (!existsSync(state)) return;
  checkState(state);
  if (!taken) refuseInUse(state);
  const all = readdirSync(state).filter(name => !taken || name !== 'lock');
  // A trace has its own state beside that of replays: forgetting one keeps the other.
  const entries = all.filter(name => !name.startsWith(stateName));
  // Asking a deployed stack leaves its own here before anything was replayed: checkpoints of a backfill, names.
  const held = entries.filter(name => !/^(?:backfill|names)-/.test(name));
  const strange = held.length > 0 && !existsSync(markOf(state)) && !existsSync(assemblyOf(state));
  if (strange)
    throw new CliError(
      `${state} is not a state folder of roletrail, and --fresh would delete its contents: name another folder with --state`,
    );
  if (!taken && entries.length === all.length) rmSync(state, { recursive: true });
  else for (const name of entries) rmSync(join(state, name), { recursive: true, force: true });
}

/** Throws CliError for a state folder that another user could have filled: nothing in it is read or run. */
export function checkState(state: string, look = checkOwnFolder): void {
  try {
    withState(state, () => look(state));
  } catch (error) {
    if (error instanceof ForeignFolder) throw new CliError(`${error.message} with --state`);
    throw error;
  }
}

/** Nothing is taken away from under a cloud that runs: it would lose what it is about to write. */
function refuseInUse(state: string): void {
  const owner = ownerOf(state);
  if (owner === null) return;
  throw new CliError(inUse(`${state} is in use by process ${owner}`));
}

function inUse(why: string): string {
  return `${why}: stop that process first, or name another folder with --state; look-ups (who, sessions, console…) work meanwhile`;
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

/** The mark of code that this user put there: the folder may have come in an archive. Null where its code is not to be run. */
function ownMark(state: string): Mark | null {
  const mark = readMark(state);
  const own = mark !== null && existsSync(assemblyOf(state)) && isSealed(assemblyOf(state), mark.seal);
  return own ? mark : null;
}

function assemblyOf(state: string): string {
  return join(state, 'cdk.out');
}

/** The configuration that the assembly was synthesized from. */
function configOf(state: string): string {
  return join(state, 'config.json');
}

function markOf(state: string): string {
  return join(state, 'synthesized');
}
