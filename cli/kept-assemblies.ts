import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { RoletrailConfig } from '../infra/config.ts';
import { projectRoot } from './project.ts';

/** What the assembly is made of, beside the configuration. */
const sources = ['infra', 'steps', 'statemachine', 'package-lock.json'];

/** Names what a configuration is synthesized to: a hash of it and of all that the synthesis reads. */
export function fingerprintOf(config: RoletrailConfig): string {
  const hash = createHash('sha256').update(JSON.stringify(config));
  for (const source of sources) {
    for (const file of filesIn(join(projectRoot, source))) {
      const bytes = readFileSync(file);
      hash.update(`\n${file.slice(projectRoot.length)} ${bytes.length}\n`).update(bytes);
    }
  }
  return hash.digest('hex');
}

/**
 * Assemblies by their fingerprint, in the folder that `ROLETRAIL_ASSEMBLIES` names; without it none is kept. For a run of
 * tests, which need the same few again and again.
 */
export class KeptAssemblies {
  readonly #folder: string | undefined;

  constructor(folder = process.env.ROLETRAIL_ASSEMBLIES) {
    this.#folder = folder;
  }

  /** Copies what is kept to `assembly`. Answers false when nothing is. */
  take(fingerprint: string, assembly: string): boolean {
    const kept = this.#folder && join(this.#folder, fingerprint);
    if (!kept || !existsSync(kept)) return false;
    cpSync(kept, assembly, { recursive: true });
    return true;
  }

  keep(fingerprint: string, assembly: string): void {
    if (!this.#folder) return;
    const begun = mkdtempSync(join(this.#folder, 'begun-'));
    // The assembly has the bundles twice: as they were made, and as the assets that its templates name.
    cpSync(assembly, begun, { recursive: true, filter: path => path !== join(assembly, 'functions') });
    try {
      renameSync(begun, join(this.#folder, fingerprint));
    } catch (error) {
      // Another process, which made the same, was first.
      if (!existsSync(join(this.#folder, fingerprint))) throw error;
      rmSync(begun, { recursive: true });
    }
  }
}

function filesIn(path: string): string[] {
  const isFolder = existsSync(path) && !path.endsWith('.json');
  if (!isFolder) return [path];
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name))
    .sort();
}
