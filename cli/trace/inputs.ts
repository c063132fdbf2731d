import { statSync } from 'node:fs';
import type { Refusal, TrailObject } from '../../steps/transport/payloads.ts';
import { CliError } from '../failure.ts';
import type { Input } from '../inputs/input.ts';
import type { Planned } from './plan.ts';
import { sha256OfFile } from './state/file-hash.ts';
import type { State } from './state/state.ts';

/** What a message, or an export, came to beside its records. */
export interface Told {
  /** log files that a message announces */
  announced: TrailObject[];
  refusals: Refusal[];
  /** sentences about what could not be read, or not to its end */
  problems: string[];
  /** sentences about what was left out, and held no calls */
  notes: string[];
}

export const nothingTold: Told = { announced: [], refusals: [], problems: [], notes: [] };

interface Known {
  file: string;
  key: string;
  size: number;
  /** null: an object in S3 */
  changed: number | null;
  hash: string;
}

/** What is new among the inputs; `changed`: a file that was read and is not what it was, so that all is to be read anew. */
export function whatIsNew(
  inputs: readonly Planned[],
  state: State,
): { fresh: Planned[] } | { changed: string } {
  const rows = state.all<Known>('SELECT file, key, size, changed, hash FROM inputs');
  const known = new Map(rows.map(row => [row.file, row]));
  const disk = new OnDisk();
  const fresh: Planned[] = [];
  for (const planned of inputs) {
    const { file, key } = planned.input;
    const row = known.get(file);
    known.delete(file);
    if (!row) fresh.push(planned);
    else if (row.key !== key || !isSame(row, disk.of(planned.input), disk)) return { changed: file };
  }
  const [gone] = known.keys();
  return gone === undefined ? { fresh } : { changed: gone };
}

function isSame(row: Known, { path, size, changed, etag }: Found, disk: OnDisk): boolean {
  if (row.size !== size) return false;
  if (etag !== null) return row.hash === etag;
  return row.changed === changed || row.hash === disk.hash(path);
}

/** A file on disk, or an object in S3, that an input is, or lies in. `changed`: when, in milliseconds, a file was. `etag`: the object's. */
interface Found {
  path: string;
  size: number;
  changed: number | null;
  etag: string | null;
}

/** Looks at files, at each once: an archive may have many members. */
export class OnDisk {
  readonly #found = new Map<string, Found>();
  readonly #hashes = new Map<string, string>();

  of(input: Pick<Input, 'file' | 'key' | 'archive' | 'object'>): Found {
    // The listing has said it.
    if (input.object)
      return { path: input.object.url, size: input.object.size, changed: null, etag: input.object.etag };
    const path = pathOf(input);
    const known = this.#found.get(path);
    if (known) return known;
    const { size, mtimeMs } = statSync(path);
    const found = { path, size, changed: mtimeMs, etag: null };
    if (input.archive !== undefined) this.#found.set(path, found);
    return found;
  }

  /** SHA-256 (hex) of its bytes. */
  hash(path: string): string {
    const hash = this.#hashes.get(path) ?? sha256OfFile(path);
    this.#hashes.set(path, hash);
    return hash;
  }
}

/** The file on disk that an input is, or the archive on disk that it lies in. */
function pathOf({ file, archive }: Pick<Input, 'file' | 'archive'>): string {
  if (archive === undefined) return file;
  // A folder's name may end as an archive's place does.
  for (let at = file.indexOf('!/'); at >= 0; at = file.indexOf('!/', at + 1)) {
    const path = file.slice(0, at);
    if (`${path}!/`.endsWith(archive) && statSync(path, { throwIfNoEntry: false })?.isFile()) return path;
  }
  throw new CliError(`${file} lies in no archive`);
}
