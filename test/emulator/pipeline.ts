import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { ListExecutionsCommand, SFNClient } from '@aws-sdk/client-sfn';
import {
  ListSubscriptionsByTopicCommand,
  PublishCommand,
  SNSClient,
  SubscribeCommand,
} from '@aws-sdk/client-sns';
import { GetQueueAttributesCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { Ministack } from './ministack.ts';
import { NotOk, project } from './step.ts';

const account = '999999999999';
const region = 'us-east-1';
/** ms until what was sent has to be processed: it takes a tenth of it. */
const patience = 120_000;

/** What became of all executions so far, and of what no execution could take. */
export interface Settled {
  executions: Record<string, number>;
  deadLetters: number;
  /** when the last execution ended, in milliseconds */
  lastEnd: number;
}

/** How many executions there were. */
export function count({ executions }: Settled): number {
  return Object.values(executions).reduce((sum, each) => sum + each, 0);
}

export function toldEnd({ executions, deadLetters }: Settled): string {
  return JSON.stringify({ executions, deadLetters });
}

/** The samples' folders. */
export const stories = ['article', 'incident'].map(name => join(project, 'samples', name, 'input'));

/** Names of the samples' log files, by their folder. */
export function sampleLogs(): { folder: string; file: string }[] {
  return stories.flatMap(folder =>
    (readdirSync(folder, { recursive: true }) as string[])
      .filter(file => file.endsWith('.json.gz'))
      .sort()
      .map(file => ({ folder, file })),
  );
}

/** The deployed pipeline's ways in: log files through its bucket, partners' events through their topics. */
export class DeployedPipeline {
  readonly #emulator: Ministack;
  readonly #outputs: Record<string, string>;
  readonly #s3: S3Client;
  readonly #sqs: SQSClient;
  readonly #sfn: SFNClient;
  /** subscriptions across accounts that were made by hand */
  subscribed = 0;

  constructor(emulator: Ministack, outputsFile: string) {
    this.#emulator = emulator;
    this.#outputs = JSON.parse(readFileSync(outputsFile, 'utf8')).roletrail;
    const own = this.#as(account, region);
    this.#s3 = new S3Client({ ...own, forcePathStyle: true });
    this.#sqs = new SQSClient({ ...own, useQueueUrlAsEndpoint: false });
    this.#sfn = new SFNClient({ ...own, disableHostPrefix: true });
  }

  async putLog({ folder, file }: { folder: string; file: string }, Key = file): Promise<void> {
    await this.put(Key, readFileSync(join(folder, file)));
  }

  async put(Key: string, Body: Buffer): Promise<void> {
    await this.#s3.send(new PutObjectCommand({ Bucket: this.#output('TrailBucketName'), Key, Body }));
  }

  /** Partners' events go through their topics, all else to the trail's queue. Answers how many. */
  async sendMessages(): Promise<number> {
    let sent = 0;
    for (const story of stories) {
      for (const file of readdirSync(join(story, 'messages')).sort()) {
        const text = readFileSync(join(story, 'messages', file), 'utf8');
        const { TopicArn, Type, Message } = JSON.parse(text) as Record<string, string>;
        if (Type === 'Notification' && TopicArn) await this.#publish(TopicArn, Message ?? '');
        else
          await this.#sqs.send(
            new SendMessageCommand({ QueueUrl: this.#output('TrailQueueUrl'), MessageBody: text }),
          );
        sent += 1;
      }
    }
    return sent;
  }

  /** Waits until nothing waits or runs and there were at least so many executions. Throws when that does not come. */
  async settled(atLeast: number, milliseconds = patience): Promise<Settled> {
    const stateMachineArn = this.#output('StateMachineArn');
    const until = Date.now() + milliseconds;
    while (Date.now() < until) {
      const { executions = [] } = await this.#sfn.send(new ListExecutionsCommand({ stateMachineArn }));
      const waiting = await this.#messages('TrailQueueUrl', 'PartnerQueueUrl');
      if (
        waiting === 0 &&
        executions.length >= atLeast &&
        executions.every(each => each.status !== 'RUNNING')
      ) {
        const found: Record<string, number> = {};
        for (const { status = '?' } of executions) found[status] = (found[status] ?? 0) + 1;
        const deadLetters = await this.#messages('TrailDeadLetterQueueUrl', 'PartnerDeadLetterQueueUrl');
        const ends = executions.map(({ stopDate }) => stopDate?.getTime() ?? 0);
        return { executions: found, deadLetters, lastEnd: Math.max(0, ...ends) };
      }
      await delay(500);
    }
    throw new NotOk(`what was sent was not processed within ${milliseconds / 1000} s`);
  }

  /** {@link settled}, and throws unless every execution succeeded and nothing became a dead letter. */
  async succeeded(atLeast: number, milliseconds = patience): Promise<Settled> {
    const end = await this.settled(atLeast, milliseconds);
    if (end.deadLetters > 0 || Object.keys(end.executions).some(status => status !== 'SUCCEEDED'))
      throw new NotOk(`not all executions succeeded: ${JSON.stringify(end)}`);
    return end;
  }

  #as(accessKeyId: string, inRegion: string) {
    const credentials = { accessKeyId, secretAccessKey: 'test' };
    return { endpoint: this.#emulator.endpoint, region: inRegion, credentials };
  }

  #output(name: string): string {
    const value = this.#outputs[name];
    if (!value) throw new NotOk(`the stack has no output ${name}`);
    return value;
  }

  async #messages(...queues: string[]): Promise<number> {
    let sum = 0;
    for (const name of queues) {
      const { Attributes } = await this.#sqs.send(
        new GetQueueAttributesCommand({ QueueUrl: this.#output(name), AttributeNames: ['All'] }),
      );
      sum += Number(Attributes?.ApproximateNumberOfMessages ?? 0);
      sum += Number(Attributes?.ApproximateNumberOfMessagesNotVisible ?? 0);
    }
    return sum;
  }

  async #publish(TopicArn: string, Message: string): Promise<void> {
    const [, , , where = '', owner = ''] = TopicArn.split(':');
    const sns = new SNSClient(this.#as(owner, where));
    const { Subscriptions = [] } = await sns.send(new ListSubscriptionsByTopicCommand({ TopicArn }));
    if (Subscriptions.length === 0) await this.#subscribe(TopicArn, where, owner);
    await sns.send(new PublishCommand({ TopicArn, Message }));
  }

  /** The emulator's CloudFormation says that it subscribed to another account's topic, and does not. */
  async #subscribe(TopicArn: string, where: string, owner: string): Promise<void> {
    // Its evaluator does not know sns:Protocol and sns:Endpoint: only the topic's own account gets in.
    const sns = new SNSClient(this.#as(this.#emulator.auth ? owner : account, where));
    const queue = this.#output('PartnerQueueUrl').split('/').at(-1);
    const Endpoint = `arn:aws:sqs:${region}:${account}:${queue}`;
    await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint }));
    this.subscribed += 1;
  }
}
