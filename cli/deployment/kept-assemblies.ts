import {
  accessSync,
  constants,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
} from 'node:fs';
import { join } from 'node:path';
import { sha256OfParts } from '../../core/hash.ts';
import type { RoletrailConfig } from '../../infra/roletrail-config.ts';
import type { LogNames } from '../../steps/runtime/environment.ts';
import { assemblyCache, projectRoot } from '../project.ts';

/** What the functions' bundles are made of. */
const functionSources = ['infra/bundle.ts', 'core', 'steps', 'package-lock.json'];
/** What the assembly is made of, beside the configuration. */
const sources = ['infra', 'core', 'steps', 'statemachine', 'package-lock.json'];

/** Names what a configuration is synthesized to: a hash of it, of the names taken, and of all that the synthesis reads. */
export function fingerprintOf(config: RoletrailConfig, logNames: LogNames): string {
  return hashOf(JSON.stringify([config, logNames]), sources);
}

/** Names the bundles of the functions, which are the same for every configuration. */
export function functionsFingerprint(): string {
  return `functions-${hashOf('', functionSources)}`;
}

function hashOf(text: string, sources: readonly string[]): string {
  return sha256OfParts(partsOf(text, sources));
}

function* partsOf(text: string, sources: readonly string[]): Generator<Uint8Array | string> {
  yield text;
  for (const source of sources) {
    for (const file of filesIn(join(projectRoot, source))) {
      const bytes = readFileSync(file);
      yield `\n${file.slice(projectRoot.length)} ${bytes.length}\n`;
      yield bytes;
    }
  }
}

/** Assemblies kept below node_modules, some 20 MB each; the one that was not asked for longest goes first. */
const mostOfOurs = 8;

/**
 * Assemblies by their fingerprint, from one run to the next: below node_modules, or all of them in the folder that
 * `ROLETRAIL_ASSEMBLIES` names. Where that cannot be written, none is kept.
 */
export class KeptAssemblies {
  readonly #folder: string;
  readonly #most: number;

  constructor(
    folder = process.env.ROLETRAIL_ASSEMBLIES,
    most = folder ? Number.POSITIVE_INFINITY : mostOfOurs,
  ) {
    this.#folder = folder || assemblyCache;
    this.#most = most;
  }

  /** Copies what is kept to `assembly`. Returns false when nothing is kept. */
  take(fingerprint: string, assembly: string): boolean {
    const kept = join(this.#folder, fingerprint);
    // Node ends the whole process where it may not look into the folder that it copies.
    if (!mayRead(kept)) return false;
    try {
      cpSync(kept, assembly, { recursive: true });
    } catch (error) {
      // Another process cleared it away meanwhile.
      if (!hasCode(error, ['ENOENT'])) throw error;
      rmSync(assembly, { recursive: true, force: true });
      return false;
    }
    unlessUnwritable(() => utimesSync(kept, new Date(), new Date()));
    return true;
  }

  keep(fingerprint: string, assembly: string): void {
    const begun = unlessUnwritable(() => {
      mkdirSync(this.#folder, { recursive: true });
      return mkdtempSync(join(this.#folder, 'begun-'));
    });
    if (begun === undefined) return;
    const kept = join(this.#folder, fingerprint);
    // The assembly has the bundles twice: as they were made, and as the assets that its templates name.
    cpSync(assembly, begun, { recursive: true, filter: path => path !== join(assembly, 'functions') });
    try {
      renameSync(begun, kept);
    } catch (error) {
      // Another process, which made the same, was first.
      if (!existsSync(kept)) throw error;
      rmSync(begun, { recursive: true });
    }
    this.#clear();
  }

  #clear(): void {
    const timeOf = (path: string) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
    const newestFirst = readdirSync(this.#folder)
      .map(name => join(this.#folder, name))
      .map(path => ({ path, time: timeOf(path) }))
      .sort((a, b) => b.time - a.time);
    for (const { path } of newestFirst.slice(this.#most)) rmSync(path, { recursive: true, force: true });
  }
}

function mayRead(folder: string): boolean {
  try {
    accessSync(folder, constants.R_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Undefined in a folder of somebody else's, or one that takes no writes. */
function unlessUnwritable<T>(write: () => T): T | undefined {
  try {
    return write();
  } catch (error) {
    if (hasCode(error, ['EACCES', 'EPERM', 'EROFS'])) return undefined;
    throw error;
  }
}

function hasCode(error: unknown, codes: readonly string[]): boolean {
  return codes.includes((error as NodeJS.ErrnoException).code ?? '');
}

function filesIn(path: string): string[] {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name))
    .sort();
}
