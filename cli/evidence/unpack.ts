import { strFromU8, unzipSync } from 'fflate';
import { UsageError } from '../failure.ts';
import { jsonBytes } from './bundle.ts';
import { type BundledRecord, format, type Manifest, manifestName, sha256 } from './format.ts';

export type Files = Record<string, Uint8Array>;

/** What a bundle may unpack to: a small zip may hold terabytes. */
const mostBytes = 1_000_000_000;

/** The files of a bundle. Throws UsageError for what is no zip, or one that unpacks to more than a bundle does. */
export function unzipped(bytes: Uint8Array, name: string): Files {
  let total = 0;
  try {
    return unzipSync(bytes, {
      filter: ({ originalSize }) => {
        total += originalSize;
        if (total > mostBytes) throw new UsageError(`${name} unpacks to more than a bundle holds`);
        return true;
      },
    });
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`${name} is no zip file, or a damaged one`, error);
  }
}

/** The bundle's list of its files. Throws UsageError for what is no bundle of this format. */
export function manifestOf(files: Files, name: string): Manifest {
  const manifest = parsed<Manifest>(files[manifestName]);
  if (manifest?.format?.startsWith('roletrail-evidence-') && manifest.format !== format)
    throw new UsageError(`${name} is a bundle of another format: ${manifest.format}, not ${format}`);
  if (manifest?.format !== format || !Array.isArray(manifest.files))
    throw new UsageError(`${name} is no evidence bundle`);
  return manifest;
}

/** Sentences on every file that is not what the manifest says. */
export function againstManifest(files: Files, manifest: Manifest): string[] {
  const problems: string[] = [];
  // Written one way only: a byte that changes nothing of what it says shows as well.
  if (!sameBytes(jsonBytes(manifest), files[manifestName]))
    problems.push(`${manifestName} is not as it was written`);
  const listed = new Map(manifest.files.map(each => [each.path, each]));
  const strange = Object.keys(files).filter(path => path !== manifestName && !listed.has(path));
  problems.push(...strange.map(path => `${path} is not in the manifest`));
  for (const [path, { bytes, sha256: sum }] of listed) {
    const content = files[path];
    if (!content) problems.push(`${path} is missing`);
    else if (sha256(content) !== sum || content.length !== bytes)
      problems.push(`${path} is not what the manifest says`);
  }
  return problems;
}

export function sameBytes(one: Uint8Array, other: Uint8Array | undefined): boolean {
  return other !== undefined && Buffer.compare(one, other) === 0;
}

/** Null for a file that is not there or no JSON: told by who asked. */
export function parsed<T>(bytes: Uint8Array | undefined): T | null {
  try {
    return bytes ? (JSON.parse(strFromU8(bytes)) as T) : null;
  } catch {
    return null;
  }
}

/** The lines of `records.ndjson`; null when one is no JSON. */
export function recordsIn(bytes: Uint8Array | undefined): BundledRecord[] | null {
  const text = bytes ? strFromU8(bytes).trimEnd() : null;
  return text === null
    ? null
    : parsed<BundledRecord[]>(new TextEncoder().encode(`[${text.replaceAll('\n', ',')}]`));
}
