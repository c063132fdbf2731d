import { strToU8, zipSync } from 'fflate';
import { keysText } from '../integrity/keys-file.ts';
import { projectVersion } from '../project.ts';
import { safeJson } from '../text/clean.ts';
import type { SessionEvidence } from './collect.ts';
import {
  type BundledProofs,
  type BundledRecord,
  format,
  keysName,
  type Manifest,
  manifestName,
  pageName,
  proofsName,
  type Report,
  recordsName,
  reportName,
  sha256,
} from './format.ts';
import type { Fetched } from './proofs.ts';
import { reportPage } from './report.ts';

// Zip has no time zone: a fixed local time gives the same bytes everywhere. Its calendar begins in 1980.
const mtime = new Date(1980, 0, 1);

/** The bundle's bytes: the same evidence gives the same bytes. */
export function bundleOf(evidence: SessionEvidence): Uint8Array {
  const { answer, records, calls, integrity, proofs } = evidence;
  const report: Report = { answer, calls, integrity };
  const bundled = records.map(({ execution: _, ...record }): BundledRecord => record);
  const digests = proofs.digests.map((each, index) => ({ ...each, path: pathOf('digests', each, index) }));
  const logs = proofs.logs?.map((each, index) => ({ ...each, path: pathOf('logs', each, index) })) ?? null;
  const listed: BundledProofs = {
    digests: digests.map(({ uri, path, missing, head }) => ({ uri, path, missing, ...head })),
    logs: logs?.map(({ uri, path, missing }) => ({ uri, path, missing })) ?? null,
  };
  const files: Record<string, Uint8Array> = {
    [recordsName]: strToU8(bundled.map(record => `${safeJson(record)}\n`).join('')),
    [pageName]: strToU8(`${reportPage(report, bundled)}`),
    [reportName]: jsonBytes(report),
    [proofsName]: jsonBytes(listed),
    [keysName]: strToU8(keysText(proofs.keys)),
  };
  for (const { path, bytes } of [...digests, ...(logs ?? [])]) if (path && bytes) files[path] = bytes;
  const manifest: Manifest = {
    format,
    version: projectVersion(),
    session: answer.session,
    files: Object.entries(files).map(([path, bytes]) => ({
      path,
      bytes: bytes.length,
      sha256: sha256(bytes),
    })),
  };
  return zipSync({ [manifestName]: jsonBytes(manifest), ...files }, { mtime, level: 6 });
}

/** How a JSON file of a bundle is written, to the byte. */
export function jsonBytes(value: unknown): Uint8Array {
  return strToU8(`${safeJson(value, 2)}\n`);
}

// Numbered: a key of S3 may hold what a file system takes for a way out of the folder that it is unpacked in.
function pathOf(folder: string, { bytes }: Fetched, index: number): string | null {
  return bytes ? `${folder}/${index + 1}.json.gz` : null;
}
