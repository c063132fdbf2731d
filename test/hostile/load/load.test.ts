import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { paginateListExecutions } from '@aws-sdk/client-sfn';
import { ChangeMessageVisibilityCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { type Cloud, startCloud } from '@roletrail/local';
import { localDeployment } from '../../../cli/deployment/deployment.ts';
import { functionCache } from '../../../cli/project.ts';
import { deadLetters } from '../../../cli/quarantine/dead-letters.ts';
import { parseConfig } from '../../../infra/config.ts';
import base from '../../../samples/roletrail.json' with { type: 'json' };
import { synthesized } from '../../synthesized.ts';
import { scan } from '../scan.ts';
import { callsPerFile, keyOf, type LoadFile, loadFiles, randomBy, shuffled } from './files.ts';

const full = process.env.ROLETRAIL_HOSTILE === 'full';
const count = full ? 500 : 30;
const seed = Number(process.env.ROLETRAIL_SEED ?? 20250311);
/** The batch a busy account is told to use; less of it where there are few files. */
const batch = { size: full ? 100 : 10, windowSeconds: 1 };
const mebibyte = 2 ** 20;

const folder = mkdtempSync(join(tmpdir(), 'roletrail-load-'));
let cloud: Cloud;

beforeAll(async () => {
  const assembly = join(folder, 'cdk.out');
  await synthesized(parseConfig({ ...base, batch, redelivered: 'process' }, 'load'), assembly);
  cloud = await startCloud({ compiled: functionCache, assembly, state: folder });
});
afterAll(async () => {
  await cloud?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Announces a file over again, as S3's own notification does. */
const announcement = (bucket: string, { key }: LoadFile) =>
  JSON.stringify({
    Records: [
      {
        eventSource: 'aws:s3',
        eventName: 'ObjectCreated:Put',
        s3: { bucket: { name: bucket }, object: { key: encodeURIComponent(key) } },
      },
    ],
  });

/** A reader that takes messages and gives them back unread: the queue delivers them again. */
async function takeAndGiveBack(sqs: SQSClient, QueueUrl: string): Promise<number> {
  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 30 }),
  );
  for (const { ReceiptHandle } of Messages) {
    await sqs.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout: 0 }));
  }
  return Messages.length;
}

test(`${count} files at once, twice each, in random order, the queue delivering again: nothing lost, nothing doubled`, async () => {
  // Given
  const files = loadFiles(count);
  const random = randomBy(seed);
  const deployment = localDeployment(cloud);
  const { endpoint, region, credentials, outputs } = cloud;
  const sqs = new SQSClient({ endpoint, region, credentials });
  const queue = outputs.roletrail?.TrailQueueUrl ?? '';
  const Bucket = deployment.outputs.TrailBucketName;
  let peak = 0;
  const sample = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage.rss());
  }, 20);
  const rssBefore = process.memoryUsage.rss();
  const began = Date.now();

  // When: the first time S3 tells of it, the second time a notification does, all mixed
  const deliveries = shuffled(
    files.flatMap(file => [
      async () => {
        await deployment.s3.send(new PutObjectCommand({ Bucket, Key: file.key, Body: file.body }));
        await cloud.send(queue, announcement(Bucket, file));
      },
      () => deployment.s3.send(new PutObjectCommand({ Bucket, Key: file.key, Body: file.body })),
    ]),
    random,
  );
  let givenBack = 0;
  for (let at = 0; at < deliveries.length; at += 50) {
    await Promise.all(deliveries.slice(at, at + 50).map(deliver => deliver()));
    givenBack += await takeAndGiveBack(sqs, queue);
  }
  await cloud.idle();
  clearInterval(sample);

  // Then
  const seconds = (Date.now() - began) / 1000;
  const executions = [];
  const { StateMachineArn: stateMachineArn } = deployment.outputs;
  for await (const page of paginateListExecutions({ client: deployment.sfn }, { stateMachineArn })) {
    executions.push(...(page.executions ?? []));
  }
  const evidence = await scan(
    new DynamoDBClient({ endpoint, region, credentials }),
    deployment.outputs.EvidenceTableName,
  );
  process.stdout.write(
    `load: ${count} files, ${deliveries.length + count} announcements, seed ${seed}, ${givenBack} messages given back, ${executions.length} executions, ${evidence.length} records of evidence, ${seconds.toFixed(1)} s, ${Math.round((peak - rssBefore) / mebibyte)} MiB above the start at most\n`,
  );
  expect(executions.filter(({ status }) => status !== 'SUCCEEDED')).toEqual([]);
  expect(await deadLetters(cloud)).toBe(0);
  // Each record once: an issuance and the calls of each file.
  expect(evidence).toHaveLength(count * (1 + callsPerFile));
  const answers = await Promise.all(
    files.map(async (_, n) => {
      const { answers: found } = await deployment.sessions.read(keyOf(n));
      return found.map(({ status, origin, issuerEventIDs }) => [
        status,
        origin?.userName,
        issuerEventIDs.length,
      ]);
    }),
  );
  expect(answers).toEqual(files.map((_, n) => [['linked', `person-${n}`, 1]]));
  // All functions together; each has the heap of its template entry besides, and is ended above it.
  expect(peak - rssBefore).toBeLessThan(1_500 * mebibyte);
});
