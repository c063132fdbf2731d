import { noticesOf } from '../../../cli/front-door/messages.ts';
import { Pace } from '../../../cli/front-door/pace.ts';
import { QueueSender } from '../../../cli/front-door/queue-sender.ts';
import { decodeMessage } from '../../../steps/intake/messages/decode.ts';
import { logKey, openQueue, queueUrl } from '../backfill/support.ts';

const file = (unique: string) => ({
  key: logKey('111111111111', 'us-east-1', '20250311T0905Z', unique),
  size: 5,
  etag: 'abc',
  time: '20250311T0905Z',
});

describe('messages', () => {
  test('are ones that intake reads: bucket, key, size and etag of each file, and no time of delivery', () => {
    const [body = ''] = noticesOf('trail', [file('a b+c&é'), file('two')]);
    expect(decodeMessage(body)).toEqual({
      kind: 'objects',
      notLogs: 0,
      topicArn: null,
      objects: ['a b+c&é', 'two'].map(unique => ({
        bucket: 'trail',
        key: file(unique).key,
        etag: 'abc',
        size: 5,
      })),
    });
  });

  test('ten files each, the rest in the last', () => {
    const bodies = noticesOf(
      'trail',
      Array.from({ length: 25 }, (_, index) => file(String(index))),
    );
    expect(bodies.map(body => (JSON.parse(body) as { Records: [] }).Records.length)).toEqual([10, 10, 5]);
  });
});

describe('sending', () => {
  const senderTo = (sqs: ReturnType<typeof openQueue>['sqs'], pauses: number[] = []) =>
    new QueueSender({ sqs, queue: queueUrl, pause: async milliseconds => pauses.push(milliseconds) });

  test('ten messages to a request, and fewer of large ones; their IDs come back in order', async () => {
    const { sqs, queue, requests } = openQueue();
    const bodies = [
      ...Array.from({ length: 12 }, (_, index) => `m${index}`),
      'x'.repeat(249_000),
      'y'.repeat(2_000),
    ];
    const ids = await senderTo(sqs).send(bodies);
    expect(requests).toHaveLength(3);
    const received = queue.receive(20, 0);
    expect(received.map(({ body }) => body)).toEqual(bodies);
    expect(received.map(({ id }) => id)).toEqual(ids);
  });

  test('what the queue refuses for want of a permission names the queue and the permissions', async () => {
    const { sqs } = openQueue(() => {
      throw Object.assign(new Error('not authorized'), { name: 'AccessDenied' });
    });
    await expect(senderTo(sqs).waiting()).rejects.toThrow(
      `cannot send to ${queueUrl} (this needs sqs:SendMessage and sqs:GetQueueAttributes`,
    );
  });

  test('what SQS did not take of a batch is sent again, after longer and longer pauses, and nothing else', async () => {
    let failures = 3;
    const { sqs, queue } = openQueue((name, { Entries }) => {
      const entries = Entries as { Id: string; MessageBody: string }[];
      if (name !== 'SendMessageBatch' || failures === 0) return null;
      failures -= 1;
      // The first is taken, the second fails; of the third nothing is heard.
      const [first, second] = entries;
      if (failures === 2 && first) queue.send(first.MessageBody);
      const taken = failures === 2 ? [{ Id: first?.Id }] : [];
      return {
        Successful: taken,
        Failed: [{ Id: second?.Id, SenderFault: false, Code: 'ServiceUnavailable' }],
      };
    });
    const pauses: number[] = [];
    await senderTo(sqs, pauses).send(['one', 'two', 'three']);
    expect(queue.receive(10, 0).map(({ body }) => body)).toEqual(['one', 'two', 'three']);
    expect(pauses).toHaveLength(3);
    for (const [index, pause] of pauses.entries()) expect(pause).toBeLessThanOrEqual(200 * 2 ** index);
  });

  test('a message that is at fault is not sent again', async () => {
    const { sqs, requests } = openQueue(() => ({
      Failed: [{ Id: '0', SenderFault: true, Code: 'InvalidMessageContents', Message: 'no' }],
    }));
    await expect(senderTo(sqs).send(['one'])).rejects.toThrow('InvalidMessageContents: no');
    expect(requests).toHaveLength(1);
  });

  test('a queue that never takes it is told of', async () => {
    const { sqs, requests } = openQueue(() => ({
      Failed: [{ Id: '0', SenderFault: false, Code: 'Throttled' }],
    }));
    await expect(senderTo(sqs).send(['one'])).rejects.toThrow(
      'did not accept 1 message in 10 attempts: Throttled',
    );
    expect(requests).toHaveLength(10);
  });
});

describe('the pace', () => {
  /** A clock that only pauses move. */
  function clock() {
    const time = { now: 0, pauses: [] as number[] };
    const pause = async (milliseconds: number) => {
      time.now += milliseconds;
      time.pauses.push(milliseconds);
    };
    return { time, options: { now: () => time.now, pause } };
  }

  test('is the rate: a hundred files at fifty a second are two seconds', async () => {
    const { time, options } = clock();
    const pace = new Pace({ rate: 50, mostWaiting: 1, waiting: async () => 0, ...options });
    for (let turn = 0; turn < 4; turn += 1) await pace.turn(100);
    expect(time.now).toBe(6_000);
  });

  test('time that was lost is not made up for', async () => {
    const { time, options } = clock();
    const pace = new Pace({ rate: 50, mostWaiting: 1, waiting: async () => 0, ...options });
    await pace.turn(100);
    time.now = 60_000;
    await pace.turn(100);
    await pace.turn(100);
    expect(time.now).toBe(62_000);
  });

  test('holds back while more messages wait than may, and says so', async () => {
    const { time, options } = clock();
    const depths = [101, 150, 100];
    const held: number[] = [];
    const waiting = async () => depths.shift() ?? 0;
    const pace = new Pace({
      rate: 50,
      mostWaiting: 100,
      waiting,
      onHold: count => held.push(count),
      ...options,
    });
    await pace.turn(1);
    expect([held, depths, time.pauses]).toEqual([[101, 150], [], [1000, 1500]]);
  });

  test('a queue that gets no shorter for a quarter of an hour ends it', async () => {
    const { options } = clock();
    const pace = new Pace({ rate: 50, mostWaiting: 100, waiting: async () => 500, ...options });
    await expect(pace.turn(1)).rejects.toThrow('500 messages wait in the queue');
  });
});
