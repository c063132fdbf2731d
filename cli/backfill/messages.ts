import type { LogFile } from './log-files.ts';

/** Files in one message, and messages in one request: SQS counts 64 KB as one request, and a hundred files are 45. */
const filesPerMessage = 10;
const messagesPerRequest = 10;
/** Bytes of one request's messages, below the 262,144 that SQS takes. */
const mostBytes = 250_000;

/** What one request sends: the files, and the messages that name them. */
export interface Batch {
  files: LogFile[];
  bodies: string[];
}

/** Gathers files into requests, in their order. */
export async function* batchesOf(bucket: string, files: AsyncIterable<LogFile>): AsyncGenerator<Batch> {
  let batch: LogFile[] = [];
  let bytes = 0;
  for await (const file of files) {
    const more = Buffer.byteLength(JSON.stringify(recordOf(bucket, file))) + 1;
    if (batch.length === filesPerMessage * messagesPerRequest || bytes + more > mostBytes - 1000) {
      yield { files: batch, bodies: bodiesOf(bucket, batch) };
      [batch, bytes] = [[], 0];
    }
    batch.push(file);
    bytes += more;
  }
  if (batch.length > 0) yield { files: batch, bodies: bodiesOf(bucket, batch) };
}

/** Messages in the shape of S3's classic notification, which may list several objects (S3 guide, event message structure). */
export function bodiesOf(bucket: string, files: readonly LogFile[]): string[] {
  const bodies: string[] = [];
  for (let at = 0; at < files.length; at += filesPerMessage) {
    const records = files.slice(at, at + filesPerMessage).map(file => recordOf(bucket, file));
    bodies.push(JSON.stringify({ Records: records }));
  }
  return bodies;
}

// Without eventTime: the time from delivery to link is then counted from now, and no chart shows months.
function recordOf(bucket: string, { key, size, etag }: LogFile): object {
  return {
    eventVersion: '2.1',
    eventSource: 'aws:s3',
    eventName: 'ObjectCreated:Put',
    s3: {
      bucket: { name: bucket },
      object: { key: encodeURIComponent(key).replaceAll('%20', '+'), size, eTag: etag },
    },
  };
}
