import type { PublicKey } from '../../core/digests/public-keys.ts';
import { sentence } from '../failure.ts';
import { projectVersion } from '../project.ts';
import type { Completeness } from './completeness.ts';
import { derived } from './derived.ts';
import { pageName, reportName } from './format.ts';
import { orderProblems } from './order.ts';
import { reportPage } from './report.ts';
import {
  type Content,
  contentOf,
  type Files,
  rebuildProblems,
  sameBytes,
  unpacked,
  withPage,
} from './unpack.ts';
import { checkSources, type SourceCheck } from './verify-files.ts';

export interface Verified {
  session: string;
  files: number;
  records: number;
  /** what the check proves of the log files that the records come from */
  sources: SourceCheck[];
  /** what the log files in it show of calls that were left out; null: there are none */
  complete: Completeness | null;
  /** half sentences on what is taken from the report, because only records that are in no bundle can show it */
  fromReport: string[];
  /** half sentences on what the bundle should show and does not: it is not whole then, whatever else holds */
  unchecked: string[];
  /** sentences; none: the bundle is as it was written, and its records lead to its answer */
  problems: string[];
}

/**
 * Checks a bundle with nothing but its bytes: it is built again from what it holds, to the byte; the answer is derived again
 * from the records, each of which must be what its digest and its wrapper say; the verdicts on log files from the digests in
 * it. `keys`: CloudTrail's public keys from elsewhere; without them those of the bundle. Throws UsageError for bytes that are
 * no bundle.
 */
export async function verifyBundle(
  bytes: Uint8Array,
  name: string,
  keys: readonly PublicKey[] | null = null,
): Promise<Verified> {
  const { files, manifest } = unpacked(bytes, name);
  const nothing = { records: 0, sources: [], complete: null, fromReport: [], unchecked: [], problems: [] };
  const about = { session: String(manifest.session), files: manifest.files.length };
  try {
    const content = contentOf({ files, manifest });
    const { report, records, proofs } = content;
    const order = orderProblems(records, report);
    const again = await derived(report, records);
    const page = pageCheck(content, files);
    const checked = await checkSources(report, records, proofs, keys ?? proofs.keys);
    const rebuilt = rebuildProblems(page ? withPage(content, files) : content, files, bytes);
    const unchecked = [...(page ? [page] : []), ...unproven(checked.sources)];
    const problems = [...new Set([...rebuilt, ...order, ...again.problems, ...checked.problems])];
    return {
      ...about,
      ...checked,
      records: records.length,
      fromReport: again.unchecked,
      unchecked,
      problems,
    };
  } catch (error) {
    // Somebody changed the shape of what we wrote: it shows, by name, like any other change.
    return {
      ...about,
      ...nothing,
      problems: [`its content does not have the expected shape: ${sentence(error)}`],
    };
  }
}

/**
 * The page is for readers without roletrail: it must not tell them anything else. Another version may write it otherwise: then
 * it is left as it is, and half a sentence says so.
 */
function pageCheck({ version, report, records }: Content, files: Files): string | null {
  if (version === projectVersion()) return null;
  const same = sameBytes(Buffer.from(`${reportPage(report, records)}`), files.get(pageName));
  return same ? null : `whether ${pageName}, written by version ${version}, says what ${reportName} says`;
}

/** `verified` is a word that whoever wrote the bundle could write: without the digest it stands for nothing. */
function unproven(sources: readonly SourceCheck[]): string[] {
  return sources
    .filter(
      ({ reported, signedHash, digestProblem }) =>
        reported.verdict === 'verified' && !signedHash && !digestProblem,
    )
    .map(
      ({ reported, missing }) =>
        `that ${reported.source} is verified, as the report says: ${missing.join('; ')}`,
    );
}
