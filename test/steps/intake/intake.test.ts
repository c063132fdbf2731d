import type { S3Client } from '@aws-sdk/client-s3';
import type { SQSRecord } from 'aws-lambda';
import { intake } from '../../../steps/intake.ts';
import type { Start } from '../../../steps/runtime/start-execution.ts';
import { readBlocks } from '../../../steps/transport/blocks.ts';
import type { Refusal } from '../../../steps/transport/payloads.ts';
import { WorkData } from '../../../steps/transport/work-data.ts';

const topic = 'arn:aws:sns:us-east-1:111111111111:roletrail-assume-role';
const trailQueue = 'arn:aws:sqs:us-east-1:999999999999:trail';
const partnerQueue = 'arn:aws:sqs:us-east-1:999999999999:partner';
const log = (n: number) =>
  `AWSLogs/999999999999/CloudTrail/us-east-1/2016/04/05/999999999999_CloudTrail_us-east-1_20160405T2045Z_${n}.json.gz`;

const message = (messageId: string, body: unknown, eventSourceARN = trailQueue): SQSRecord => ({
  messageId,
  receiptHandle: messageId,
  body: typeof body === 'string' ? body : JSON.stringify(body),
  attributes: {
    ApproximateReceiveCount: '1',
    SentTimestamp: '1459889112000',
    SenderId: 'x',
    ApproximateFirstReceiveTimestamp: '1459889112000',
  },
  messageAttributes: {},
  md5OfBody: '',
  eventSource: 'aws:sqs',
  eventSourceARN,
  awsRegion: 'us-east-1',
});
const sent = (messageId: string, body: unknown) => message(messageId, body, partnerQueue);

const notice = (...keys: string[]) => ({ s3Bucket: 'trail', s3ObjectKey: keys });
const event = (account: string, record: unknown = { eventName: 'AssumeRole' }) => ({
  'detail-type': 'AWS API Call via CloudTrail',
  account,
  region: 'us-east-1',
  time: '2016-04-05T20:39:37Z',
  detail: record,
});
const inSns = (topicArn: string, body: unknown) => ({
  Type: 'Notification',
  TopicArn: topicArn,
  Message: JSON.stringify(body),
});

function door(refuseStart: (start: Start) => boolean = () => false) {
  const started: Start[] = [];
  const quarantined: Refusal[] = [];
  const quarantines: string[] = [];
  const noS3 = { send: async () => ({}) } as unknown as S3Client;
  return {
    started,
    quarantined,
    quarantines,
    deps: {
      door: { topics: [topic], account: '999999999999', partnerQueue },
      work: (name: string) => new WorkData(noS3, 'work', name),
      room: { take: async () => true, giveBack: () => undefined },
      shortenWaits: async () => undefined,
      start: async (start: Start) => {
        if (refuseStart(start)) throw new Error('ExecutionLimitExceeded');
        started.push(start);
        return true;
      },
      quarantine: async (name: string, refusals: Refusal[]) => {
        quarantines.push(name);
        quarantined.push(...refusals);
      },
      log: { info: () => undefined, error: () => undefined },
      now: () => new Date('2016-04-05T20:46:00Z'),
    },
  };
}

describe('intake', () => {
  test('starts one execution for the log files of a batch and one for the partner events', async () => {
    const { started, deps } = door();
    const Records = [
      message('1', notice(log(1))),
      sent('2', inSns(topic, event('111111111111', { eventName: 'AssumeRole', n: 1 }))),
      message('3', notice(log(2), log(3))),
    ];
    expect(await intake({ Records }, 'i', deps)).toEqual({ batchItemFailures: [] });
    expect(started).toHaveLength(2);
    const [logs, events] = started.map(start => start.input);
    expect(logs).toMatchObject({ entry: 'objects', provenance: 'trail', counts: { sources: 3 } });
    expect(logs?.entry === 'objects' && logs.sources.map(source => source.key)).toEqual([
      log(1),
      log(2),
      log(3),
    ]);
    expect(events).toMatchObject({
      entry: 'events',
      provenance: 'partner',
      counts: { sources: 1, records: 1 },
    });
    const data = events?.entry === 'events' && 'inline' in events.data ? events.data.inline : '';
    expect(Buffer.concat([...readBlocks(Buffer.from(data, 'base64'))]).toString()).toContain('"n":1');
  });

  test('names an execution after what it carries; the same messages give the same name, others another', async () => {
    const first = door();
    const again = door();
    const other = door();
    await intake({ Records: [message('1', notice(log(1))), message('2', notice(log(2)))] }, 'i', first.deps);
    await intake({ Records: [message('2', notice(log(2))), message('1', notice(log(1)))] }, 'j', again.deps);
    await intake({ Records: [message('3', notice(log(1))), message('4', notice(log(2)))] }, 'k', other.deps);
    const name = first.started[0]?.name ?? '';
    expect(name).toMatch(/^logs-999999999999-us-east-1-20160405T2045Z-x2-[0-9a-f]{16}$/);
    expect(again.started[0]?.name).toBe(name);
    expect(other.started[0]?.name).not.toBe(name);
  });

  test('what a replay sends makes executions and refusals of its own, named after it', async () => {
    const { started, quarantines, deps } = door();
    const stamp = '20250311T091000000Z';
    const ofReplay = (record: SQSRecord, stringValue = stamp): SQSRecord => ({
      ...record,
      messageAttributes: { replay: { stringValue, dataType: 'String' } },
    });
    const partners = inSns(topic, event('111111111111'));
    const Records = [
      message('1', notice(log(1))),
      ofReplay(message('2', notice(log(2)))),
      sent('3', partners),
      ofReplay(sent('4', partners)),
      message('5', 'no json'),
      ofReplay(message('6', 'no json')),
      ofReplay(message('7', notice(log(3))), 'not-a-stamp'),
    ];
    expect(await intake({ Records }, 'i', deps)).toEqual({ batchItemFailures: [] });
    expect(
      started.map(({ name, input }) => [name.replace(/-[0-9a-f]{16}$/, ''), input.counts.sources]),
    ).toEqual([
      ['logs-999999999999-us-east-1-20160405T2045Z-x2', 2],
      ['events-111111111111-us-east-1-20160405T203937Z-x1', 1],
      [`replay-${stamp}-logs-x1`, 1],
      [`replay-${stamp}-events-x1`, 1],
    ]);
    expect(quarantines).toEqual(['intake-i', `intake-replay-${stamp}-i`]);
    const input = started[3]?.input;
    const data = input?.entry === 'events' && 'inline' in input.data ? input.data.inline : '';
    expect(Buffer.concat([...readBlocks(Buffer.from(data, 'base64'))]).toString()).toContain('"message":"4"');
  });

  test('keeps what it cannot read or does not trust in quarantine, by name, and lets the neighbours pass', async () => {
    const { started, quarantined, deps } = door();
    const foreign = 'arn:aws:sns:us-east-1:333333333333:roletrail-assume-role';
    const Records = [
      message('1', 'no json'),
      message('2', { hello: 'world' }),
      sent('3', inSns(foreign, event('333333333333'))),
      sent('4', inSns(topic, event('999999999999'))),
      message('5', event('444444444444')),
      message('6', notice(log(1))),
      message('7', { Event: 's3:TestEvent' }),
    ];
    expect(await intake({ Records }, 'i', deps)).toEqual({ batchItemFailures: [] });
    expect(quarantined.map(refusal => [refusal.source, refusal.error])).toEqual([
      ['message 1', 'NotJson'],
      ['message 2', 'UnknownMessage'],
      ['message 3', 'UnknownTopic'],
      ['message 4', 'AccountMismatch'],
      ['message 5', 'UnknownAccount'],
    ]);
    expect(quarantined[0]?.raw).toBe('no json');
    expect(started).toHaveLength(1);
  });

  test('fails only the messages whose execution did not start', async () => {
    const { started, deps } = door(start => start.input.entry === 'objects');
    const Records = [
      message('1', notice(log(1))),
      sent('2', inSns(topic, event('111111111111'))),
      message('3', notice(log(2))),
    ];
    const { batchItemFailures } = await intake({ Records }, 'i', deps);
    expect(batchItemFailures.map(failure => failure.itemIdentifier).sort()).toEqual(['1', '3']);
    expect(started.map(start => start.input.entry)).toEqual(['events']);
  });

  test('what cannot start because too many run goes back to the queue, and what cannot be read to quarantine at once', async () => {
    const { started, quarantined, deps } = door();
    const asked: string[] = [];
    const take = async (kind: string) => {
      asked.push(kind);
      return kind === 'events';
    };
    const Records = [
      message('1', notice(log(1))),
      message('2', 'no json'),
      sent('3', inSns(topic, event('111111111111'))),
    ];
    const soon: string[] = [];
    const shortenWaits = async (records: SQSRecord[]) => {
      soon.push(...records.map(({ messageId }) => messageId));
      throw new Error('ServiceUnavailable');
    };
    const room = { ...deps.room, take };
    expect(await intake({ Records }, 'i', { ...deps, room, shortenWaits })).toEqual({
      batchItemFailures: [{ itemIdentifier: '1' }],
    });
    expect([asked, soon]).toEqual([['files', 'events'], ['1']]);
    expect(started.map(start => start.input.entry)).toEqual(['events']);
    expect(quarantined.map(({ error }) => error)).toEqual(['NotJson']);
  });

  test('a message of more executions than may start comes again, and those that started take no place', async () => {
    const names = new Set<string>();
    let places = 0;
    const { deps } = door();
    const start = async ({ name }: Start) => names.size !== names.add(name).size;
    const room = { take: async () => places-- > 0, giveBack: () => void places++ };
    const keys = Array.from({ length: 60 }, (_, n) => log(n));
    const neighbour = message('2', notice(log(99)));
    const rounds: number[] = [];
    for (const Records of [[message('1', notice(...keys)), neighbour], [message('1', notice(...keys))]]) {
      places = 3;
      const { batchItemFailures } = await intake({ Records }, 'i', { ...deps, start, room });
      rounds.push(batchItemFailures.length, names.size);
    }
    // Without sizes, 60 files are 8 executions of 7 or 8: three now, three more the next time.
    expect(rounds).toEqual([2, 3, 1, 6]);
  });

  test('a message that could not be started for another reason waits for its queue', async () => {
    const { deps } = door(() => true);
    const shortenWaits = () => Promise.reject(new Error('called'));
    expect(await intake({ Records: [message('1', notice(log(1)))] }, 'i', { ...deps, shortenWaits })).toEqual(
      {
        batchItemFailures: [{ itemIdentifier: '1' }],
      },
    );
  });

  test('splits a batch whose list of files would not fit a payload, losing none', async () => {
    const { started, deps } = door();
    const keys = Array.from({ length: 1_500 }, (_, n) => log(n));
    await intake({ Records: [message('1', notice(...keys)), message('2', notice(log(9_999)))] }, 'i', deps);
    const all = started.flatMap(start => (start.input.entry === 'objects' ? start.input.sources : []));
    expect(all.map(source => source.key).sort()).toEqual([...keys, log(9_999)].sort());
    expect(new Set(started.map(start => start.name)).size).toBe(started.length);
    for (const start of started) expect(Buffer.byteLength(JSON.stringify(start.input))).toBeLessThan(200_000);
  });

  test('an event of our own account needs no topic and is vouched for by ourselves', async () => {
    const { started, deps } = door();
    await intake({ Records: [message('1', event('999999999999'))] }, 'i', deps);
    expect(started[0]?.input).toMatchObject({ entry: 'events', provenance: 'trail' });
  });

  test.each([
    ["CloudTrail's notice", notice(log(1))],
    ["CloudTrail's notice in the topic's envelope", inSns(topic, notice(log(1)))],
    ['a notice of nothing that is a log file', inSns(topic, notice('x.txt'))],
    [
      "S3's event over EventBridge",
      {
        source: 'aws.s3',
        'detail-type': 'Object Created',
        detail: { bucket: { name: 'trail' }, object: { key: log(1) } },
      },
    ],
    [
      "S3's own notification",
      inSns(topic, {
        Records: [
          {
            eventSource: 'aws:s3',
            eventName: 'ObjectCreated:Put',
            s3: { bucket: { name: 'trail' }, object: { key: log(1) } },
          },
        ],
      }),
    ],
  ])('a partner announces no log files: %s', async (_, body) => {
    const { started, quarantined, deps } = door();
    expect(await intake({ Records: [sent('1', body)] }, 'i', deps)).toEqual({ batchItemFailures: [] });
    expect(quarantined.map(({ error }) => error)).toEqual(['NoticeOfPartner']);
    expect(started).toEqual([]);
  });

  test("nor by the trail's queue, in its topic's envelope; CloudTrail's own topic announces as ever", async () => {
    const { started, quarantined, deps } = door();
    const own = 'arn:aws:sns:us-east-1:999999999999:cloudtrail';
    const Records = [message('1', inSns(topic, notice(log(1)))), message('2', inSns(own, notice(log(2))))];
    await intake({ Records }, 'i', deps);
    expect(quarantined.map(({ error }) => error)).toEqual(['NoticeOfPartner']);
    expect(started.flatMap(({ input }) => (input.entry === 'objects' ? input.sources : []))).toMatchObject([
      { key: log(2) },
    ]);
  });

  test("the trail's queue carries no event of a partner, and the partners' none of our own", async () => {
    const { started, quarantined, deps } = door();
    const Records = [message('1', inSns(topic, event('111111111111'))), sent('2', event('999999999999'))];
    await intake({ Records }, 'i', deps);
    expect(quarantined.map(({ source, error }) => [source, error])).toEqual([
      ['message 1', 'WrongQueue'],
      ['message 2', 'UnknownAccount'],
    ]);
    expect(started).toEqual([]);
  });

  test('what is refused names its sender: the account of its topic, or nobody where it names none of ours', async () => {
    const { quarantined, deps } = door();
    const Records = [
      sent('1', inSns(topic, 'odd')),
      sent('2', 'no json'),
      sent('3', inSns('arn:aws:sns:us-east-1:333333333333:other', event('333333333333'))),
      message('4', 'no json'),
    ];
    await intake({ Records }, 'i', deps);
    expect(quarantined.map(({ sender }) => sender)).toEqual([
      '111111111111',
      'unknown',
      'unknown',
      undefined,
    ]);
  });
});
