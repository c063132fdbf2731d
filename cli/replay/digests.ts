import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { publicKeysFile } from '@roletrail/local';
import { digestLocation } from '../../core/digests/digest-key.ts';
import { type DigestRecord, isAmiss } from '../../core/digests/records.ts';
import type { DigestHead } from '../../core/digests/signature.ts';
import type { Input, Inputs } from '../inputs/inputs.ts';
import { headsOf } from '../integrity/copies.ts';
import { endOf } from '../integrity/digests.ts';
import { keysText, readKeyFiles } from '../integrity/keys-file.ts';
import type { Store } from '../queries/store.ts';
import { clean } from '../views/text/clean.ts';
import { plural } from '../views/text/format.ts';
import type { Paint } from '../views/text/paint.ts';

/** What became of the digests among the inputs. */
export interface DigestsChecked {
  records: DigestRecord[];
  /** digests that were left out: there are no keys to check them with, or the copy has lost its signature */
  unchecked: number;
}

export const noDigests: DigestsChecked = { records: [], unchecked: 0 };

/** The inputs as they are delivered, with the digests' metadata. What cannot be checked is left out. */
export interface Planned {
  deliver: Input[];
  heads: Map<string, DigestHead>;
  unchecked: number;
}

/** `keyFiles`: what `--digest-keys` named; they stay in the state folder. Throws UsageError. */
export async function planDigests(
  inputs: Inputs,
  state: string,
  keyFiles: readonly string[],
): Promise<Planned> {
  const file = join(state, publicKeysFile);
  if (keyFiles.length > 0) writeFileSync(file, keysText(readKeyFiles(keyFiles)));
  const known = existsSync(file);
  const { deliver, heads: files } = known ? underBucketKeys(inputs) : inputs;
  const digests = deliver.filter(({ key }) => digestLocation(key));
  const heads: Map<string, DigestHead> = known ? await headsOf(digests, files) : new Map();
  const left = new Set(digests.filter(({ key }) => !heads.has(key)));
  return { deliver: deliver.filter(input => !left.has(input)), heads, unchecked: left.size };
}

/**
 * A digest names log files by their keys in the bucket: members of an archive that holds digests are stored under those, as files of a
 * folder are, unless something else has them.
 */
function underBucketKeys({ deliver, heads }: Inputs): Pick<Inputs, 'deliver' | 'heads'> {
  const withDigests = new Set(deliver.filter(({ key }) => digestLocation(key)).map(({ archive }) => archive));
  const bare = ({ archive, key }: Input) =>
    archive !== undefined && withDigests.has(archive) ? key.slice(archive.length) : key;
  const times = new Map<string, number>();
  for (const input of deliver) times.set(bare(input), (times.get(bare(input)) ?? 0) + 1);
  const archives = [...withDigests].filter(archive => archive !== undefined);
  const bareHead = (key: string) => key.slice(archives.find(archive => key.startsWith(archive))?.length ?? 0);
  return {
    deliver: deliver.map(input => (times.get(bare(input)) === 1 ? { ...input, key: bare(input) } : input)),
    heads: new Map([...heads, ...[...heads].map(([key, bytes]) => [bareHead(key), bytes] as const)]),
  };
}

/** What the check kept of these digests (`s3://bucket/key`), since `began`. */
export async function checkedDigests(
  uris: readonly string[],
  { integrity }: Pick<Store, 'integrity'>,
  began: Date,
): Promise<DigestRecord[]> {
  const found: DigestRecord[] = [];
  for (const uri of uris) {
    const location = digestLocation(uri.slice('s3://'.length));
    if (!location) continue;
    const end = endOf(location);
    const records = await integrity.digests(location.account, location.region, end, end);
    // What an earlier replay found of other bytes under this name is not this replay's.
    const own = records.filter(record => record.uri === uri);
    const fresh = own.filter(({ at }) => at >= began.toISOString());
    found.push(...(fresh.length > 0 ? fresh : own));
  }
  return found;
}

/** What a replay says of its digests: one line, and one for each that finds something amiss. */
export function digestLines({ records, unchecked }: DigestsChecked, paint: Paint): string[] {
  const lines: string[] = [];
  if (unchecked > 0) {
    lines.push(
      `${plural(unchecked, 'digest')} not checked: public keys or signatures are missing (roletrail verify --help)`,
    );
  }
  if (records.length === 0) return lines;
  const files = records.reduce((sum, record) => sum + (record.hash ? record.files - record.tampered : 0), 0);
  lines.push(`${plural(records.length, 'digest')} checked, ${plural(files, 'log file')} verified`);
  for (const { uri, problem, reason, tampered } of records.filter(isAmiss)) {
    if (problem)
      lines.push(`  ${paint.red('✕')} ${clean(uri)}: ${paint.bold(problem)}: ${clean(reason ?? '')}`);
    if (tampered > 0) {
      const many = plural(tampered, 'log file');
      lines.push(`  ${paint.red('✕')} ${clean(uri)}: ${paint.bold(many)} not matching it: roletrail verify`);
    }
  }
  return lines;
}
