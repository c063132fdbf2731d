import { createHmac, randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, relative, sep } from 'node:path';
import { makeOwnFolder, readIfThere } from '@roletrail/local';
import { sameSecret, sha256OfParts } from '../../core/hash.ts';

/** What is in no seal: the bundles as they were made, which run as the assets that the templates name. */
const unsealed = ['functions'];

/**
 * What shows that this user synthesized, on this machine, what an assembly holds to the byte: its hash under a key that only
 * this user has. A state folder that came in an archive has none, whoever owns its files. Null where no key can be kept
 * (no home, or none that takes writes): nothing is shown there, and nothing is asked for.
 */
export function sealOf(assembly: string): string | null {
  const key = ownKey();
  return key && createHmac('sha256', key).update(hashOf(assembly)).digest('hex');
}

/** Whether this is the seal of what the assembly holds now. */
export function isSealed(assembly: string, seal: string): boolean {
  const own = sealOf(assembly);
  if (own === null) return true;
  return sameSecret(own, seal);
}

function hashOf(folder: string): string {
  return sha256OfParts(partsOf(folder));
}

function* partsOf(folder: string): Generator<Uint8Array | string> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true })
    .map(entry => ({ entry, name: relative(folder, join(entry.parentPath, entry.name)) }))
    .filter(({ name }) => !unsealed.includes(name.split(sep)[0] ?? ''))
    .sort((one, other) => (one.name < other.name ? -1 : 1));
  for (const { entry, name } of entries) {
    // A link is followed when the code runs: what it leads to would be in no seal.
    if (!entry.isFile() && !entry.isDirectory()) yield `\nno file ${randomBytes(16).toString('hex')}\n`;
    if (!entry.isFile()) continue;
    const bytes = readFileSync(join(folder, name));
    yield `\n${JSON.stringify(name)} ${bytes.length}\n`;
    yield bytes;
  }
}

/** The user's key, made where there is none (XDG base directory specification: `~/.local/state`). */
function ownKey(): string | null {
  const home = process.env.XDG_STATE_HOME || join(homedir(), '.local', 'state');
  const folder = join(home, 'roletrail');
  const file = join(folder, 'key');
  try {
    makeOwnFolder(folder);
    const known = readIfThere(file);
    if (known) return known;
    writeFileSync(file, randomBytes(32).toString('hex'), { mode: 0o600, flag: 'wx' });
    return readFileSync(file, 'utf8');
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    // Another process made it meanwhile.
    if (code === 'EEXIST') return readIfThere(file);
    if (['EACCES', 'EPERM', 'EROFS', 'ENOENT', 'ENOTDIR'].includes(code)) return null;
    throw error;
  }
}
