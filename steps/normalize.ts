import { S3Client } from '@aws-sdk/client-s3';
import { AuditedRoles } from '../core/identities/roles.ts';
import { TrailAccounts } from '../core/reading/accounts.ts';
import { readKept } from '../core/reading/kept-record.ts';
import { Normalizer } from '../core/reading/normalizer.ts';
import { RecordReader } from '../core/reading/record-reader.ts';
import { RecordError } from '../core/records/read.ts';
import { bounded } from './runtime/clients.ts';
import { readEnvironment } from './runtime/environment.ts';
import { reasonOf } from './runtime/errors.ts';
import { stepHandler } from './runtime/handler.ts';
import { readSettings } from './runtime/settings.ts';
import { EventWriter } from './transport/event-writer.ts';
import { readRecords, textOf } from './transport/frames.ts';
import type { Filtered, Normalized } from './transport/payloads.ts';
import { RecordNumbers } from './transport/record-numbers.ts';
import { Refusals } from './transport/refusals.ts';
import { readSelection } from './transport/selection.ts';
import { eventsWithout, filesWithout, WholeFiles } from './transport/whole-files.ts';
import { WorkData } from './transport/work-data.ts';

export interface NormalizeDependencies {
  roles: AuditedRoles;
  accounts: TrailAccounts;
  work: WorkData;
}

/**
 * Gives each kept record one typed shape. A record that has none is refused by name, with its text; a file with too many of
 * them as a whole (`TooManyRefusals`), its good records too: it is none of CloudTrail's, and what was made beside what
 * cannot be read is not evidence. Its neighbours go on.
 */
export async function normalize(
  input: Filtered,
  { roles, accounts, work }: NormalizeDependencies,
): Promise<Normalized> {
  const refusals = new Refusals('Normalize', input);
  const { sources, blocks } = await readRecords(work.read(input.data));
  const selection = readSelection(await selectionText(work.read(input.keep)));
  const reader = new RecordReader('all');
  const writer = work.writer('events');
  const events = new EventWriter(writer);
  const numbers = new RecordNumbers(input.files, work);
  let index = -1;
  let [file, first] = [-1, 0];
  const whole = new WholeFiles(refusals);
  const ofFile = (number: number) => {
    const { source, account } = sources[number] ?? { source: 'unknown source', account: null };
    return {
      source,
      sender: input.provenance === 'partner' ? { sender: account ?? 'unknown' } : {},
      normalizer: new Normalizer({ source, provenance: input.provenance, account }, roles, accounts),
    };
  };
  let { source, sender, normalizer } = ofFile(file);
  for await (const block of blocks) {
    for (const frame of block) {
      index += 1;
      if (frame.number !== file) {
        [file, first] = [frame.number, index];
        whole.begin(file, index);
        ({ source, sender, normalizer } = ofFile(file));
      }
      if (!selection.next().value || whole.isRefused) continue;
      try {
        const { block, start, end } = frame;
        const { setting, occurrence } = readKept(block, start, end, { reader, normalizer });
        events.write(index, setting, occurrence);
        whole.normalized += 1;
      } catch (error) {
        if (!(error instanceof RecordError)) throw error;
        const record = await numbers.of(file, index - first);
        refusals.add({ source, ...record, ...reasonOf(error), raw: textOf(frame), ...sender });
        whole.refusedRecord(source, frame.end - frame.start, error);
      }
    }
  }
  const { normalized } = whole.end(index + 1);
  const { keep: _, ...batch } = input;
  const { counts } = input;
  const refused = whole.files.length;
  return {
    ...batch,
    step: 'Normalize',
    counts: {
      ...counts,
      ...{ read: counts.read - refused, refused: counts.refused + refused },
      ...{ normalized, rejected: counts.kept - normalized },
    },
    refused: await refusals.handOn(work),
    events: await eventsWithout(whole.files, await writer.finish(), work),
    ...(input.files && { files: await filesWithout(whole.files, input.files, work) }),
  };
}

async function selectionText(chunks: AsyncIterable<Buffer>): Promise<string> {
  return Buffer.concat(await Array.fromAsync(chunks)).toString('utf8');
}

function prepare() {
  const environment = readEnvironment('normalize');
  const { auditedRoles, trailAccounts } = readSettings('normalize');
  const roles = new AuditedRoles(auditedRoles);
  const accounts = new TrailAccounts(trailAccounts);
  return { s3: new S3Client(bounded), roles, accounts, bucket: environment.WORK_BUCKET };
}

export const handler = stepHandler(
  'Normalize',
  prepare,
  (input: Filtered, { s3, roles, accounts, bucket }, { execution }) =>
    normalize(input, { roles, accounts, work: new WorkData(s3, bucket, execution) }),
);
