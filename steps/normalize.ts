import { S3Client } from '@aws-sdk/client-s3';
import { stepHandler } from './aws/runtime.ts';
import { WorkData } from './aws/work-data.ts';
import { normalize as normalizeRecord, type Origin } from './cloudtrail/normalize.ts';
import { RecordError } from './cloudtrail/read.ts';
import { AuditedRoles } from './cloudtrail/roles.ts';
import type { Filtered, Normalized } from './contract.ts';
import { readEnvironment, readList } from './environment.ts';
import { frameHeader, frameLine, readFrames } from './frames.ts';
import { Refusals, reasonOf } from './refusals.ts';
import { readSelection } from './selection.ts';

export interface NormalizeDependencies {
  roles: AuditedRoles;
  work: WorkData;
}

/** Gives each kept record one typed shape. A record that has none is refused by name, with its text. */
export async function normalize(
  input: Filtered,
  { roles, work }: NormalizeDependencies,
): Promise<Normalized> {
  const refusals = new Refusals('Normalize', input);
  const { sources, frames } = await readFrames(work.read(input.data));
  const selection = readSelection(await textOf(work.read(input.keep)));
  const writer = work.writer('events');
  await writer.write(frameHeader(sources));
  let normalized = 0;
  let record = 0;
  for await (const { head, text } of frames) {
    record += 1;
    if (!selection.next().value) continue;
    const place = sources[Number(head)];
    const origin: Origin = {
      source: place?.source ?? 'unknown source',
      provenance: input.provenance,
      account: place?.account ?? null,
    };
    try {
      const event = normalizeRecord(parse(text), origin, roles);
      await writer.write(frameLine(JSON.stringify(event), text));
      normalized += 1;
    } catch (error) {
      if (!(error instanceof RecordError)) throw error;
      refusals.add({ source: origin.source, record, ...reasonOf(error), raw: text });
    }
  }
  const { keep: _, ...batch } = input;
  return {
    ...batch,
    step: 'Normalize',
    counts: { ...input.counts, normalized, rejected: refusals.count },
    refused: await refusals.handOn(work),
    data: await writer.finish(),
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new RecordError('NotJson', `the record is no JSON: ${(error as Error).message}`);
  }
}

async function textOf(chunks: AsyncIterable<Buffer>): Promise<string> {
  const all: Buffer[] = [];
  for await (const chunk of chunks) all.push(chunk);
  return Buffer.concat(all).toString('utf8');
}

function prepare() {
  const environment = readEnvironment('normalize');
  const roles = new AuditedRoles(readList('AUDITED_ROLES', environment.AUDITED_ROLES));
  return { s3: new S3Client(), roles, bucket: environment.WORK_BUCKET };
}

export const handler = stepHandler(
  'Normalize',
  prepare,
  (input: Filtered, { s3, roles, bucket }, { execution }) =>
    normalize(input, { roles, work: new WorkData(s3, bucket, execution) }),
);
