import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { LinkingBatch } from '../core/linking/correlate.ts';
import type { SessionStore } from '../core/linking/session-store.ts';
import { bounded } from './runtime/clients.ts';
import { readEnvironment } from './runtime/environment.ts';
import { stepHandler } from './runtime/handler.ts';
import { readRetention } from './store/retention.ts';
import { SessionsTable } from './store/sessions-table.ts';
import { readEvents } from './transport/events.ts';
import type { Normalized } from './transport/payloads.ts';
import { WorkData } from './transport/work-data.ts';

export interface CorrelateDependencies {
  store: SessionStore;
  work: WorkData;
}

/** Events of which facts are held at once: the more, the fewer credentials are settled twice. */
const mostEvents = 20_000;

/** Ties each credential of the batch to who it was issued to, and all that was issued from it in turn. */
export async function correlate(
  input: Normalized,
  { store, work }: CorrelateDependencies,
): Promise<Normalized> {
  const counts = { issuances: 0, linked: 0, unlinked: 0 };
  const credentials = new Set<string>();
  for await (const batch of batches(input, work)) {
    const outcome = await batch.correlate(store);
    counts.issuances += outcome.issuances;
    counts.linked += outcome.linked;
    counts.unlinked += outcome.unlinked;
    for (const credential of outcome.credentials) credentials.add(credential);
  }
  return {
    ...input,
    step: 'Correlate',
    counts: { ...input.counts, ...counts, credentials: credentials.size },
  };
}

async function* batches(input: Normalized, work: WorkData): AsyncGenerator<LinkingBatch> {
  let batch = new LinkingBatch();
  for await (const block of readEvents(work.read(input.events))) {
    for (const { event } of block) batch.add(event);
    if (batch.size < mostEvents) continue;
    yield batch;
    batch = new LinkingBatch();
  }
  if (batch.size > 0) yield batch;
}

function prepare() {
  const environment = readEnvironment('correlate');
  const dynamo = new DynamoDBClient(bounded);
  const retention = readRetention(environment.RETENTION_DAYS);
  return {
    s3: new S3Client(bounded),
    // A separate store for each execution: it remembers its writes, and a table may be restored in between.
    store: () => new SessionsTable(dynamo, environment.SESSIONS_TABLE, retention),
    bucket: environment.WORK_BUCKET,
  };
}

export const handler = stepHandler(
  'Correlate',
  prepare,
  async (input: Normalized, { s3, store, bucket }, context) => {
    const work = new WorkData(s3, bucket, context.execution);
    const output = await correlate(input, { store: store(), work });
    context.count('Linked', output.counts.linked);
    context.count('Unlinked', output.counts.unlinked);
    context.count('DeliveryToLinkSeconds', (Date.now() - Date.parse(input.deliveredAt)) / 1000);
    return output;
  },
);
