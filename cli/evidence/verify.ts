import { type PublicKey, parsePublicKeys } from '../../steps/integrity/public-keys.ts';
import { sentence } from '../failure.ts';
import { projectVersion } from '../project.ts';
import { derived } from './derived.ts';
import {
  type BundledProofs,
  type BundledRecord,
  keysName,
  type Manifest,
  pageName,
  proofsName,
  type Report,
  recordsName,
  reportName,
} from './format.ts';
import { reportPage } from './report.ts';
import { againstManifest, type Files, manifestOf, parsed, recordsIn, sameBytes, unzipped } from './unpack.ts';
import { checkSources, type SourceCheck } from './verify-files.ts';

export interface Verified {
  session: string;
  files: number;
  records: number;
  /** what was shown anew of the log files that the records are from */
  sources: SourceCheck[];
  /** half sentences on what could not be checked by this version */
  unchecked: string[];
  /** sentences; none: the bundle is whole, its records lead to its answer, and what it calls verified is as far as it shows */
  problems: string[];
}

/**
 * Checks a bundle with nothing but its bytes: each file against the manifest, each record against its digest, the answer by
 * deriving it anew from the records, and the verdicts on log files from the digests in it. `keys`: CloudTrail's public keys
 * from elsewhere; without them those of the bundle. Throws UsageError for bytes that are no bundle.
 */
export async function verifyBundle(
  bytes: Uint8Array,
  name: string,
  keys: readonly PublicKey[] | null = null,
): Promise<Verified> {
  const files = unzipped(bytes, name);
  const manifest = manifestOf(files, name);
  const problems = againstManifest(files, manifest);
  const told = { session: String(manifest.session), files: manifest.files.length };
  const content = contentOf(files);
  if (typeof content === 'string')
    return { ...told, records: 0, sources: [], unchecked: [], problems: [...problems, content] };
  const { report, records, proofs } = content;
  const nothing = { sources: [], unchecked: [], problems: [] };
  try {
    const again = await derived(report, records, manifest);
    const checked = checkSources(report.integrity, records, proofs, files, keys ?? content.keys);
    const page = pageCheck(report, records, manifest, files[pageName]);
    problems.push(...again.problems, ...checked.problems, ...page.problems);
    const unchecked = [...again.unchecked, ...page.unchecked];
    return { ...told, records: records.length, ...checked, unchecked, problems };
  } catch (error) {
    // Somebody changed the shape of what we wrote: it shows, by name, like any other change.
    problems.push(`its content is not of the shape it was written in: ${sentence(error)}`);
    return { ...told, records: records.length, ...nothing, problems };
  }
}

/** The page is for readers without roletrail: it must not tell them anything else. */
function pageCheck(
  report: Report,
  records: readonly BundledRecord[],
  { version }: Manifest,
  page: Uint8Array | undefined,
): Pick<Verified, 'problems' | 'unchecked'> {
  if (sameBytes(new TextEncoder().encode(`${reportPage(report, records)}`), page))
    return { problems: [], unchecked: [] };
  // Another version may write it otherwise: nothing can be said of it then.
  return version === projectVersion()
    ? { problems: [`${pageName} does not say what ${reportName} says`], unchecked: [] }
    : { problems: [], unchecked: [`${pageName}, written by version ${version}`] };
}

interface Content {
  report: Report;
  records: BundledRecord[];
  proofs: BundledProofs;
  keys: PublicKey[];
}

/** What is in the bundle's own files; a sentence when one is missing or not what it should be. */
function contentOf(files: Files): Content | string {
  const report = parsed<Report>(files[reportName]);
  const records = recordsIn(files[recordsName]);
  const proofs = parsed<BundledProofs>(files[proofsName]);
  if (!report || !records) return `${reportName} or ${recordsName} is missing or no JSON`;
  if (!proofs) return `${proofsName} is missing or no JSON`;
  try {
    const keys = parsePublicKeys(Buffer.from(files[keysName] ?? '').toString('utf8'));
    return { report, records, proofs, keys };
  } catch (error) {
    return `${keysName} cannot be read: ${(error as Error).message}`;
  }
}
