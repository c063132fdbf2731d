import { sha256 } from '../../core/hash.ts';
import { lastPart } from '../../core/records/arn.ts';
import { CliError } from '../failure.ts';
import { keysText } from '../integrity/keys-file.ts';
import { projectVersion } from '../project.ts';
import { safeJson } from '../views/text/clean.ts';
import { megabytes } from '../views/text/format.ts';
import type { SessionEvidence } from './collect.ts';
import {
  type BundledProofs,
  type BundledRecord,
  format,
  keysName,
  type Manifest,
  manifestName,
  mostBundleBytes,
  mostRecordBytes,
  pageName,
  proofsName,
  type Report,
  recordsName,
  reportName,
} from './format.ts';
import type { Fetched, Proofs } from './objects.ts';
import { reportPage } from './report.ts';
import { type Entry, lengthOf, mostEntries, storedZip } from './stored-zip.ts';

/** What a bundle says, whoever packs it: made from evidence, or read from a bundle to be packed again. */
export interface Parts {
  /** of roletrail, which wrote it */
  version: string;
  report: Report;
  records: readonly BundledRecord[];
  proofs: Proofs;
  /** the page as another version wrote it; absent: as this version writes it */
  page?: Uint8Array;
}

/** The bundle's bytes: the same evidence gives the same bytes. Throws CliError for more than a bundle takes. */
export function bundleOf(evidence: SessionEvidence): Uint8Array {
  const { answer, records, calls, integrity, proofs } = evidence;
  const entries = entriesOf({
    version: projectVersion(),
    report: { answer, calls, integrity },
    records: records.map(({ execution: _, ...record }) => record),
    proofs,
  });
  const written = entries.find(({ path }) => path === recordsName)?.bytes.length ?? 0;
  if (written > mostRecordBytes)
    throw new CliError(`the records of this session have more than ${megabytes(mostRecordBytes)}`);
  const pieces = entries.length > mostEntries ? null : storedZip(entries);
  if (!pieces || lengthOf(pieces) > mostBundleBytes)
    throw new CliError(
      `the evidence is larger than a bundle may be: ${megabytes(mostBundleBytes)}, ${mostEntries} files`,
    );
  return Buffer.concat(pieces);
}

/** Every file of a bundle in its order, each written in one way only: what is read and written again has the same bytes. */
export function entriesOf({ version, report, records, proofs, page }: Parts): Entry[] {
  const bundled = records.map(recordLine);
  const digests = proofs.digests.map((each, index) => ({ ...each, path: pathOf('digests', each, index) }));
  const logs = proofs.logs?.map((each, index) => ({ ...each, path: pathOf('logs', each, index) })) ?? null;
  const listed: BundledProofs = {
    // Hex in either case is the same signature: written in one, so that the same evidence has one bundle.
    digests: digests.map(({ uri, path, missing, head: { signature, generated } }) => ({
      ...{ uri, path, missing, generated },
      signature: signature?.toLowerCase() ?? null,
    })),
    logs: logs?.map(({ uri, path, missing }) => ({ uri, path, missing })) ?? null,
  };
  const objects = [...digests, ...(logs ?? [])].flatMap(({ path, bytes }) =>
    path && bytes ? [{ path, bytes }] : [],
  );
  const files: Entry[] = [
    { path: recordsName, bytes: Buffer.from(bundled.map(record => `${safeJson(record)}\n`).join('')) },
    { path: pageName, bytes: page ?? Buffer.from(`${reportPage(report, records)}`) },
    { path: reportName, bytes: jsonBytes(reportOf(report)) },
    { path: proofsName, bytes: jsonBytes(listed) },
    { path: keysName, bytes: Buffer.from(keysText(proofs.keys)) },
    ...objects,
  ];
  const manifest: Manifest = {
    format,
    version,
    session: report.answer.session,
    files: files.map(({ path, bytes }) => ({ path, bytes: bytes.length, sha256: sha256(bytes) })),
  };
  return [{ path: manifestName, bytes: jsonBytes(manifest) }, ...files];
}

/** How a JSON file of a bundle is written, to the byte. */
export function jsonBytes(value: unknown): Uint8Array {
  return Buffer.from(`${safeJson(value, 2)}\n`);
}

// Field by field: what else somebody wrote beside them is not written again, and so shows.
function recordLine({ eventID, recipientAccountId, provenance, source, digest, record }: BundledRecord) {
  return { eventID, recipientAccountId, provenance, source, digest, record };
}

function reportOf({ answer, calls, integrity }: Report): Report {
  return {
    answer,
    calls,
    integrity: integrity.map(({ source, verdict, reason, digest }) => ({ source, verdict, reason, digest })),
  };
}

// Numbered, and of plain characters: a key of S3 may hold what a file system takes for a way out of the folder that it is
// unpacked in, for a name that it has already, or for a device.
function pathOf(
  folder: string,
  { uri, bytes }: Pick<Fetched, 'uri' | 'bytes'>,
  index: number,
): string | null {
  if (!bytes) return null;
  const name = lastPart(uri)
    .replace(/\.json\.gz$/, '')
    .replace(/[^A-Za-z0-9_-]/g, '_')
    .slice(0, mostName);
  return `${folder}/${index + 1}${name ? `-${name}` : ''}.json.gz`;
}

/** CloudTrail's own names have some 100 characters. */
const mostName = 150;
