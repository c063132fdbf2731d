import type { PutObjectCommandOutput } from '@aws-sdk/client-s3';
import { batchesOf } from '../../core/parallel.ts';

/** A log file of the trail bucket, as a message names it. `size` in bytes, `etag` without quotes. */
export interface NoticedFile {
  key: string;
  size: number;
  etag?: string | undefined;
  versionId?: string | undefined;
}

/** A file as the bucket took it. */
export function storedFile(
  key: string,
  body: Buffer,
  { ETag, VersionId }: PutObjectCommandOutput,
): NoticedFile {
  return { key, size: body.length, etag: ETag?.replaceAll('"', ''), versionId: VersionId };
}

const filesPerMessage = 10;

/** Messages in the shape of S3's classic notification, which may list several objects (S3 guide, event message structure). */
export function noticesOf(bucket: string, files: readonly NoticedFile[]): string[] {
  return batchesOf(files, filesPerMessage).map(part =>
    JSON.stringify({ Records: part.map(file => recordOf(bucket, file)) }),
  );
}

// Without eventTime: the time from delivery to link is then counted from now, and no chart shows months.
function recordOf(bucket: string, { key, size, etag, versionId }: NoticedFile): object {
  return {
    eventVersion: '2.1',
    eventSource: 'aws:s3',
    eventName: 'ObjectCreated:Put',
    s3: {
      bucket: { name: bucket },
      object: { key: encodeURIComponent(key).replaceAll('%20', '+'), size, eTag: etag, versionId },
    },
  };
}

/** A partner's event as its topic brings it to production: in SNS's envelope, from which intake reads the topic. */
export function fromTopic(topicArn: string, event: string): string {
  return JSON.stringify({ Type: 'Notification', TopicArn: topicArn, Message: event });
}
