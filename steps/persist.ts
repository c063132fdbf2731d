import { IdempotencyConfig, makeIdempotent } from '@aws-lambda-powertools/idempotency';
import { DynamoDBPersistenceLayer } from '@aws-lambda-powertools/idempotency/dynamodb';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { listed } from '../core/linking/listed.ts';
import type { AuditEvent } from '../core/records/event.ts';
import type { Json } from '../core/records/read.ts';
import { bounded } from './runtime/clients.ts';
import { readEnvironment } from './runtime/environment.ts';
import { stepHandler } from './runtime/handler.ts';
import type { NewEvidence } from './store/evidence-item.ts';
import { EvidenceTable } from './store/evidence-table.ts';
import { LookupWriter } from './store/lookup-writer.ts';
import { readRetention } from './store/retention.ts';
import { EventWriter } from './transport/event-writer.ts';
import { eventsWithRecords, readEvents } from './transport/events.ts';
import type { Invocation, Normalized } from './transport/payloads.ts';
import { Refusals } from './transport/refusals.ts';
import { WorkData } from './transport/work-data.ts';

export interface PersistDependencies {
  evidence: EvidenceTable;
  /** of this execution alone */
  lookups: LookupWriter;
  work: WorkData;
  execution: string;
}

/** Records held at once; the table takes them 25 a request. */
const chunk = 1_000;

/**
 * Writes each record as evidence, unless its event is evidence already. A record that differs from the evidence stored
 * under its event is refused (`ContradictsEvidence`) and takes no part in correlation: first write wins.
 */
export async function persist(input: Normalized, deps: PersistDependencies): Promise<Normalized> {
  const { evidence, lookups, work, execution } = deps;
  const refusals = new Refusals('Persist', input);
  const seen = new Map<string, string>();
  const contradicting = new Set<string>();
  const counts = { written: 0, duplicates: 0 };
  for await (const records of chunks(input, work)) {
    const outcome = await evidence.write(records, execution, seen);
    counts.written += outcome.written;
    counts.duplicates += outcome.duplicates;
    for (const { event, text } of outcome.contradicting) {
      contradicting.add(lineKey(event));
      const message = `event ${event.eventID} differs from the evidence stored under its id`;
      const sender = event.provenance === 'partner' ? { sender: event.recipientAccountId } : {};
      refusals.add({ source: event.source, error: 'ContradictsEvidence', message, raw: text, ...sender });
    }
    for (const { event, text } of records) {
      // What a partner tells is no record of what was done here.
      if (event.provenance === 'trail' && !contradicting.has(lineKey(event)))
        lookups.add(listed(event, JSON.parse(text) as Json), event.source);
    }
    await lookups.settle();
  }
  await lookups.finish();
  return {
    ...input,
    step: 'Persist',
    counts: { ...input.counts, ...counts },
    refused: await refusals.handOn(work),
    events: contradicting.size > 0 ? await without(contradicting, input, work) : input.events,
  };
}

async function* chunks(input: Normalized, work: WorkData): AsyncGenerator<NewEvidence[]> {
  let records: NewEvidence[] = [];
  for await (const record of eventsWithRecords(work.read(input.events), work.read(input.data))) {
    records.push(record);
    if (records.length < chunk) continue;
    yield records;
    records = [];
  }
  if (records.length > 0) yield records;
}

async function without(contradicting: Set<string>, input: Normalized, work: WorkData) {
  const writer = work.writer('undisputed');
  const undisputed = new EventWriter(writer);
  for await (const block of readEvents(work.read(input.events))) {
    for (const { index, event } of block)
      if (!contradicting.has(lineKey(event))) undisputed.write(index, event, event);
  }
  return writer.finish();
}

function lineKey(event: AuditEvent): string {
  return `${event.eventID} ${event.hash}`;
}

// CloudTrail may deliver a file again for 30 days; a retried step must return what its first try did for as long.
const rememberSeconds = 35 * 24 * 3600;

function prepare() {
  const environment = readEnvironment('persist');
  const config = new IdempotencyConfig({
    eventKeyJmesPath: '[execution, input.events.sha256]',
    throwOnNoIdempotencyKey: true,
    expiresAfterSeconds: rememberSeconds,
  });
  const s3 = new S3Client(bounded);
  const dynamo = new DynamoDBClient(bounded);
  const retention = readRetention(environment.RETENTION_DAYS);
  const evidence = new EvidenceTable(dynamo, environment.EVIDENCE_TABLE, retention);
  const persistOnce = makeIdempotent(
    ({ execution, input }: Invocation<Normalized>) =>
      persist(input, {
        evidence,
        lookups: new LookupWriter(dynamo, environment.LOOKUPS_TABLE, retention),
        work: new WorkData(s3, environment.WORK_BUCKET, execution),
        execution,
      }),
    {
      persistenceStore: new DynamoDBPersistenceLayer({
        tableName: environment.IDEMPOTENCY_TABLE,
        clientConfig: bounded,
      }),
      config,
    },
  );
  return { config, persistOnce };
}

export const handler = stepHandler(
  'Persist',
  prepare,
  async (input: Normalized, { config, persistOnce }, context) => {
    config.registerLambdaContext(context.lambda);
    const output = await persistOnce({ execution: context.execution, input });
    context.count('Written', output.counts.written);
    context.count('Duplicates', output.counts.duplicates);
    return output;
  },
);
