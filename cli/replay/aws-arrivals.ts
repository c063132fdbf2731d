import { PutObjectCommand } from '@aws-sdk/client-s3';
import type { SQSRecord } from 'aws-lambda';
import { requiredArn } from '../../core/records/arn.ts';
import { replayedKey } from '../../core/records/log-key.ts';
import { partnerTopicName } from '../../infra/names.ts';
import { partitionOf } from '../../infra/regions.ts';
import { type Arrival, arrivalOf } from '../../steps/intake/arrival.ts';
import type { Deployment } from '../deployment/deployment.ts';
import { CliError } from '../failure.ts';
import { type Input, readInput, readKind } from './inputs.ts';

/**
 * Reads a message as intake does. Who replays events to a deployment vouches for the topics they name. Throws what
 * arrivalOf does.
 */
export function messageArrival({ outputs }: Deployment, input: Input, body: string, sent: Date): Arrival {
  const { account } = requiredArn(outputs.StateMachineArn);
  const kind = readKind(input);
  const message = {
    messageId: input.key,
    body,
    attributes: { SentTimestamp: String(sent.getTime()) },
  } as SQSRecord;
  const partnerQueue = 'the partners';
  if (kind.kind !== 'event' || kind.account === account)
    return arrivalOf(message, { topics: [], account, partnerQueue });
  const topic =
    kind.topicArn ??
    `arn:${partitionOf(kind.region)}:sns:${kind.region}:${kind.account}:${partnerTopicName({})}`;
  const envelope = JSON.stringify({ Type: 'Notification', TopicArn: topic, Message: kind.message });
  const byPartners = { ...message, body: envelope, eventSourceARN: partnerQueue };
  return arrivalOf(byPartners, { topics: [topic], account, partnerQueue });
}

/** Stores a log file for the replay that `stamp` names. Throws CliError when the bucket does not take it. */
export async function storedLog({ s3, outputs }: Deployment, input: Input, stamp: string): Promise<Arrival> {
  const bucket = outputs.TrailBucketName;
  const key = replayedKey(stamp, input.key);
  const Body = readInput(input);
  const stored = await s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body })).catch(error => {
    throw new CliError(`${input.file} could not be stored in ${bucket}: ${error.message}`, 1, error);
  });
  const etag = stored.ETag?.replaceAll('"', '');
  const sentAt = new Date().toISOString();
  return {
    messageId: input.key,
    sentAt,
    objects: [
      {
        bucket,
        key,
        size: Body.length,
        deliveredAt: sentAt,
        ...(etag ? { etag } : {}),
        ...(stored.VersionId ? { versionId: stored.VersionId } : {}),
      },
    ],
    events: [],
    notLogs: 0,
  };
}
