import { join } from 'node:path';
import { SqsService } from '../../local/services/sqs/service.ts';
import { Queue } from '../../local/services/sqs/store.ts';

/** A queue that nobody reads, behind the embedded cloud's SQS; `url` ends in its name, `folder` takes its messages. */
export function openSqs(url: string, folder: string) {
  const [region = '', account = '', name = ''] = url
    .replace(/^https:\/\/sqs\.([^.]+)\.[^/]+\//, '$1/')
    .split('/');
  const queue = new Queue({
    name,
    arn: `arn:aws:sqs:${region}:${account}:${name}`,
    visibilityTimeout: 30,
    maximumMessageSize: 262_144,
    file: join(folder, `${name}.ndjson`),
  });
  return { queue, service: new SqsService([queue], () => url) };
}
