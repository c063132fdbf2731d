import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { SQSClient } from '@aws-sdk/client-sqs';
import type { Asked } from '../../../cli/backfill/checkpoint.ts';
import type { Outputs } from '../../../cli/deployment/outputs.ts';
import { Screen } from '../../../cli/views/text/screen.ts';
import { decodeMessage } from '../../../steps/intake/messages/decode.ts';
import { openSqs } from '../../local/sqs-support.ts';

export const queueUrl = 'https://sqs.eu-west-1.amazonaws.com/111122223333/trail';
/** `startS3` makes a bucket of this name. */
export const bucket = 'plain';
export const outputs = {
  TrailBucketName: bucket,
  TrailQueueUrl: queueUrl,
  TrailAccounts: '["*"]',
} as Outputs;

export const asked: Asked = {
  bucket,
  prefix: '',
  accounts: [],
  regions: [],
  from: '20250311T0000Z',
  to: '20250312T0000Z',
  queue: queueUrl,
};

/** The key CloudTrail would write: `time` as `20250311T0905Z`. */
export function logKey(
  account: string,
  region: string,
  time: string,
  unique = 'Ab12',
  root = 'AWSLogs',
): string {
  const day = `${time.slice(0, 4)}/${time.slice(4, 6)}/${time.slice(6, 8)}`;
  return `${root}/${account}/CloudTrail/${region}/${day}/${account}_CloudTrail_${region}_${time}_${unique}.json.gz`;
}

export async function store(s3: S3Client, keys: readonly string[]): Promise<void> {
  for (const Key of keys) await s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body: 'x'.repeat(100) }));
}

/** A queue nobody reads, behind the embedded cloud's SQS; `meddle` may answer a request in its place. */
export function openQueue(
  meddle: (name: string, input: Record<string, unknown>) => object | null = () => null,
) {
  const { queue, service } = openSqs(queueUrl, mkdtempSync(join(tmpdir(), 'roletrail-backfill-')));
  const requests: string[] = [];
  const send = async (command: { constructor: { name: string }; input: Record<string, unknown> }) => {
    const name = command.constructor.name.replace(/Command$/, '');
    requests.push(name);
    return meddle(name, command.input) ?? (await service.call(name, command.input));
  };
  /** the keys that its messages name, in their order, as intake reads them; what was read is no longer there */
  const keys = () =>
    queue.receive(1000).flatMap(({ body, receiptHandle }) => {
      // Left in flight, its visibility timeout would keep the process.
      queue.delete(receiptHandle);
      const message = decodeMessage(body);
      return message.kind === 'objects' ? message.objects.map(object => object.key) : [];
    });
  return { queue, requests, keys, sqs: { send } as unknown as SQSClient };
}

/** A screen that keeps what is written to it. */
export function silentScreen() {
  const written: string[] = [];
  const stream = { write: (text: string) => written.push(text) > 0 };
  return { screen: new Screen(stream, stream, false), written };
}
