import { S3Client } from '@aws-sdk/client-s3';
import { AuditedRoles } from '../core/identities/roles.ts';
import { Decision } from '../core/reading/decision.ts';
import { mostRefused } from '../core/reading/most-refused.ts';
import { bounded } from './runtime/clients.ts';
import { readEnvironment } from './runtime/environment.ts';
import { stepHandler } from './runtime/handler.ts';
import { readSettings } from './runtime/settings.ts';
import { readRecords } from './transport/frames.ts';
import { readFiles, writeFiles } from './transport/ledger-files.ts';
import type { DataRef, Decompressed, Filtered } from './transport/payloads.ts';
import { SelectionWriter } from './transport/selection.ts';
import { WorkData } from './transport/work-data.ts';

export interface FilterDependencies {
  roles: AuditedRoles;
  work: WorkData;
}

/**
 * Keeps calls under audited roles, every STS issuance, and denied attempts to assume an audited role. Passes on which
 * records these are, not the records again.
 */
export async function filter(input: Decompressed, { roles, work }: FilterDependencies): Promise<Filtered> {
  const selection = new SelectionWriter();
  let kept = 0;
  let dropped = 0;
  const keptOf = new Map<number, number>();
  let [file, unreadable] = [-1, 0];
  const decision = new Decision(roles, input.provenance);
  const { blocks } = await readRecords(work.read(input.data));
  for await (const block of blocks) {
    for (const record of block) {
      if (record.number !== file) [file, unreadable] = [record.number, 0];
      // Normalize refuses the file because of the records kept so far: reading on would be wasted time.
      const refused = unreadable > mostRefused.records;
      const decided = refused ? false : decision.keeps(record.block, record.start, record.end);
      if (decided === null) unreadable += 1;
      const keep = decided ?? true;
      selection.add(keep);
      if (keep) {
        kept += 1;
        keptOf.set(record.number, (keptOf.get(record.number) ?? 0) + 1);
      } else dropped += 1;
    }
  }
  const writer = work.writer('selection');
  writer.write(selection.toString());
  return {
    ...input,
    step: 'Filter',
    counts: { ...input.counts, kept, dropped: input.counts.dropped + dropped },
    keep: await writer.finish(),
    ...(input.files && { files: await countKept(input.files, keptOf, work) }),
  };
}

async function countKept(files: DataRef, keptOf: ReadonlyMap<number, number>, work: WorkData) {
  const counted = (await readFiles(work, files)).map(file => ({
    ...file,
    kept: keptOf.get(file.source) ?? 0,
  }));
  return writeFiles(work, 'files-kept', counted);
}

function prepare() {
  const environment = readEnvironment('filter');
  const roles = new AuditedRoles(readSettings('filter').auditedRoles);
  return { s3: new S3Client(bounded), roles, bucket: environment.WORK_BUCKET };
}

export const handler = stepHandler(
  'Filter',
  prepare,
  async (input: Decompressed, { s3, roles, bucket }, context) => {
    const output = await filter(input, { roles, work: new WorkData(s3, bucket, context.execution) });
    context.count('Kept', output.counts.kept);
    return output;
  },
);
