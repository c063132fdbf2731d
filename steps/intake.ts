import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { requiredArn } from '../core/records/arn.ts';
import { type Arrival, arrivalOf, type Door, replayOf, senderOf } from './intake/arrival.ts';
import { Room } from './intake/room.ts';
import { replayedExecutions, startsFor } from './intake/starts.ts';
import { shortenWaits } from './intake/waits.ts';
import { bounded, boundedQueues } from './runtime/clients.ts';
import { readCount, readEnvironment } from './runtime/environment.ts';
import { reasonOf } from './runtime/errors.ts';
import { framed, type Tools } from './runtime/handler.ts';
import { runningExecutions } from './runtime/running-executions.ts';
import { readSettings } from './runtime/settings.ts';
import { type Start, startExecution } from './runtime/start-execution.ts';
import { quarantineObject } from './store/quarantine-store.ts';
import { SendersTable } from './store/senders-table.ts';
import { boundRefusals } from './store/withheld.ts';
import type { Refusal } from './transport/payloads.ts';
import { WorkData } from './transport/work-data.ts';

export interface IntakeDependencies {
  door: Door;
  work(name: string): WorkData;
  /** takes the place of one more execution; false while too many run */
  room: Pick<Room, 'take' | 'giveBack'>;
  /** makes messages that wait for a place visible again before the queue's timeout */
  shortenWaits(records: SQSRecord[]): Promise<void>;
  /** false where it was started before */
  start(execution: Start): Promise<boolean>;
  quarantine(name: string, refusals: Refusal[]): Promise<void>;
  log: Pick<Tools['log'], 'info' | 'error'>;
  now: () => Date;
}

/**
 * Reads queue messages of every known shape and starts one execution per kind and batch. A message that cannot be read
 * is kept in quarantine at once: no retry would make it readable. A message whose execution could not be started, or has to wait
 * because too many run, fails alone, so that the queue delivers it again, never its neighbours.
 */
export async function intake(
  event: SQSEvent,
  invocation: string,
  deps: IntakeDependencies,
): Promise<SQSBatchResponse> {
  const arrivals: Arrival[] = [];
  const refused: { messageId: string; replay: string | null; refusal: Refusal }[] = [];
  for (const message of event.Records) {
    try {
      arrivals.push(arrivalOf(message, deps.door));
    } catch (error) {
      const sender = senderOf(message, deps.door);
      const refusal: Refusal = {
        step: 'Intake',
        ...reasonOf(error),
        source: `message ${message.messageId}`,
        raw: message.body,
        ...(sender && { sender }),
      };
      refused.push({ messageId: message.messageId, replay: replayOf(message), refusal });
    }
  }
  const failed = new Set<string>();
  const attempt = async (messageIds: string[], work: () => Promise<void>) => {
    try {
      await work();
    } catch (error) {
      const { error: name, message } = reasonOf(error);
      deps.log.error('intake failed', { error: name, reason: message, messages: messageIds.length });
      for (const id of messageIds) failed.add(id);
    }
  };
  const waiting = new Set<string>();
  for (const { name, kind, messageIds, build } of startsFor(arrivals, deps.now())) {
    await attempt(messageIds, async () => {
      if (await deps.room.take(kind)) {
        // A message of several files is received again with files whose execution runs already: these take no place.
        if (!(await deps.start(await build(deps.work(name))))) deps.room.giveBack();
        return;
      }
      for (const id of messageIds) waiting.add(id);
    });
  }
  for (const [replay, group] of Map.groupBy(refused, each => each.replay)) {
    const ids = group.map(({ messageId }) => messageId);
    const name = `intake-${replay ? replayedExecutions(replay) : ''}${invocation}`;
    const refusals = group.map(({ refusal }) => refusal);
    await attempt(ids, () => deps.quarantine(name, refusals));
  }
  // Messages that fail for another reason wait for the queue's timeout.
  const comesSoon = event.Records.filter(({ messageId: id }) => waiting.has(id) && !failed.has(id));
  if (comesSoon.length > 0) await attempt([...waiting], () => deps.shortenWaits(comesSoon));
  for (const id of waiting) failed.add(id);
  const notLogs = arrivals.reduce((sum, arrival) => sum + arrival.notLogs, 0);
  deps.log.info('intake', {
    messages: event.Records.length,
    refused: refused.length,
    notLogs,
    waiting: waiting.size,
    failed: failed.size,
  });
  return { batchItemFailures: [...failed].map(itemIdentifier => ({ itemIdentifier })) };
}

function prepare({ log, count }: Tools): IntakeDependencies {
  const environment = readEnvironment('intake');
  const s3 = new S3Client(bounded);
  const sfn = new SFNClient(bounded);
  const sqs = new SQSClient(boundedQueues);
  const { STATE_MACHINE_ARN: stateMachineArn, WORK_BUCKET: bucket } = environment;
  const senders = new SendersTable(new DynamoDBClient(bounded), environment.SENDERS_TABLE);
  return {
    door: {
      topics: readSettings('intake').partnerTopics,
      account: requiredArn(stateMachineArn).account,
      partnerQueue: environment.PARTNER_QUEUE,
    },
    work: name => new WorkData(s3, bucket, name),
    room: new Room({
      most: readCount('EXECUTIONS_AT_ONCE', environment.EXECUTIONS_AT_ONCE),
      count: upTo => runningExecutions(sfn, stateMachineArn, upTo),
    }),
    shortenWaits: records => {
      const byPartners = records[0]?.eventSourceARN === environment.PARTNER_QUEUE;
      const queue = byPartners ? environment.PARTNER_QUEUE_URL : environment.TRAIL_QUEUE_URL;
      return shortenWaits(sqs, queue, records);
    },
    start: execution => startExecution(sfn, stateMachineArn, execution),
    quarantine: async (execution, refusals) => {
      const at = new Date();
      const { kept, withheld } = await boundRefusals(refusals, execution, at, { s3, bucket, senders });
      if (kept.length > 0) {
        const header = { execution, at: at.toISOString(), count: kept.length, failure: null, input: null };
        const key = await quarantineObject(s3, bucket, header, kept);
        log.info('quarantined', { key, count: kept.length });
      }
      if (withheld > 0) log.info('refused, counted and not kept', { withheld });
      count('Quarantined', refusals.length);
    },
    log,
    now: () => new Date(),
  };
}

// Powertools' batch processor takes messages one by one; here all of a kind make one execution, and fail together.
export const handler = framed({
  name: 'Intake',
  prepare,
  keysOf: (event: SQSEvent) => ({ source: event.Records[0]?.eventSourceARN }),
  work: (event, prepared: IntakeDependencies, { lambda }) => intake(event, lambda.awsRequestId, prepared),
});
