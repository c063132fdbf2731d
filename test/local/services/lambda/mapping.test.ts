import { join } from 'node:path';
import { ServiceError } from '../../../../local/contract.ts';
import type { Fault } from '../../../../local/gateway/faults.ts';
import type { LambdaFunction } from '../../../../local/services/lambda/function.ts';
import {
  type Befalls,
  EventSourceMapping,
  failedItems,
  shortWait,
} from '../../../../local/services/lambda/mapping.ts';
import { Queue } from '../../../../local/services/sqs/store.ts';
import { temporaryFolder } from '../../assembly-fixture.ts';

interface SqsEvent {
  Records: { messageId: string; body: string }[];
}
type Answer = (event: SqsEvent) => unknown;

let queue: Queue;
let mapping: EventSourceMapping | undefined;
beforeEach(() => {
  const options = { name: 'logs', arn: 'arn:aws:sqs:eu-west-1:111122223333:logs' };
  const file = join(temporaryFolder(), 'logs.ndjson');
  queue = new Queue({ ...options, visibilityTimeout: 900, maximumMessageSize: 10_000_000, file });
});
afterEach(() => {
  mapping?.stop();
  queue.close();
});

/** A mapping to a function that answers as the test says; its batches as they came, newest last. */
function map(
  answer: Answer,
  options: {
    batchSize?: number;
    concurrency?: number;
    partial?: boolean;
    befalls?: Befalls;
    wait?: (receives: number) => number;
  } = {},
) {
  const batches: string[][] = [];
  const events: SqsEvent[] = [];
  const invoke = async (text: string) => {
    const event: SqsEvent = JSON.parse(text);
    events.push(event);
    batches.push(event.Records.map(record => record.body));
    const result = answer(event);
    if (result instanceof Error) return { payload: '{}', functionError: 'Unhandled', requestId: 'r' };
    return { payload: JSON.stringify(result), requestId: 'r' };
  };
  mapping = new EventSourceMapping({
    queue,
    target: { invoke } as unknown as LambdaFunction,
    batchSize: options.batchSize ?? 10,
    windowSeconds: 300,
    partialResponses: options.partial ?? true,
    ...(options.befalls && { befalls: options.befalls }),
    concurrency: options.concurrency ?? 2,
    region: 'eu-west-1',
    account: '111122223333',
    wait: options.wait ?? (() => 0),
  });
  return { batches, events, mapping };
}

async function drain(over: EventSourceMapping): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (over.pending > 0) {
    if (Date.now() > deadline) throw new Error(`${over.pending} messages are still pending`);
    over.flush();
    await over.settled();
    // A receive that went wrong is tried again by a timer.
    await new Promise(setImmediate);
  }
}

test('a full batch goes at once, what is left when the window is flushed', async () => {
  const { batches, mapping } = map(() => null, { batchSize: 2 });

  for (const body of ['a', 'b', 'c']) queue.send(body);
  await mapping.settled();
  const before = [...batches];
  await drain(mapping);

  expect(before).toEqual([['a', 'b']]);
  expect(batches).toEqual([['a', 'b'], ['c']]);
});

test('the event has the shape Lambda gives for SQS', async () => {
  const { events, mapping } = map(() => null);
  const { id } = queue.send('hello');

  await drain(mapping);

  expect(events).toEqual([
    {
      Records: [
        {
          messageId: id,
          receiptHandle: expect.any(String),
          body: 'hello',
          attributes: {
            ApproximateReceiveCount: '1',
            SentTimestamp: expect.stringMatching(/^\d{13}$/),
            SenderId: '111122223333',
            ApproximateFirstReceiveTimestamp: expect.stringMatching(/^\d{13}$/),
          },
          messageAttributes: {},
          md5OfBody: '5d41402abc4b2a76b9719d911017c592',
          eventSource: 'aws:sqs',
          eventSourceARN: 'arn:aws:sqs:eu-west-1:111122223333:logs',
          awsRegion: 'eu-west-1',
        },
      ],
    },
  ]);
});

test('only the messages reported as failed come again', async () => {
  let first = true;
  const { batches, mapping } = map(({ Records }) => {
    const failed = first ? Records.filter(record => record.body === 'b') : [];
    first = false;
    return { batchItemFailures: failed.map(record => ({ itemIdentifier: record.messageId })) };
  });
  for (const body of ['a', 'b', 'c']) queue.send(body);

  await drain(mapping);

  expect(batches).toEqual([['a', 'b', 'c'], ['b']]);
});

test('an invocation that fails brings the whole batch again, until it is a dead letter', async () => {
  const file = join(temporaryFolder(), 'dead.ndjson');
  const dead = new Queue({ ...queue.options, name: 'dead', file });
  queue.redrive = { target: dead, maxReceiveCount: 2 };
  const { batches, mapping } = map(() => new Error('always'));
  queue.send('a');

  await drain(mapping);

  expect(batches).toEqual([['a'], ['a']]);
  expect([queue.visible, dead.visible]).toEqual([0, 1]);
});

test('without ReportBatchItemFailures an answer that names failures is a success', async () => {
  const { batches, mapping } = map(
    ({ Records: [record] }) => ({ batchItemFailures: [{ itemIdentifier: record?.messageId }] }),
    {
      partial: false,
    },
  );
  queue.send('a');

  await drain(mapping);

  expect(batches).toEqual([['a']]);
});

describe('a request of the mapping itself that goes wrong', () => {
  const once = (operation: string, fault: Fault): Befalls => {
    let left = 1;
    return asked => (asked === operation && left-- === 1 ? fault : undefined);
  };

  test.each<[string, Fault, string[][], string]>([
    ['ReceiveMessage', 'throttled', [['a', 'b']], '1'],
    ['ReceiveMessage', 'lost', [['a', 'b']], '2'],
    [
      'DeleteMessageBatch',
      'error',
      [
        ['a', 'b'],
        ['a', 'b'],
      ],
      '1',
    ],
    ['DeleteMessageBatch', 'partial', [['a', 'b'], ['b']], '1'],
    ['DeleteMessageBatch', 'lost', [['a', 'b']], '1'],
  ])('%s, %s: nothing is lost', async (operation, fault, expected, receives) => {
    const { batches, events, mapping } = map(() => null, { befalls: once(operation, fault) });
    for (const body of ['a', 'b']) queue.send(body);

    await drain(mapping);

    expect(batches).toEqual(expected);
    expect(events[0]?.Records).toMatchObject(
      ['a', 'b'].map(() => ({ attributes: { ApproximateReceiveCount: receives } })),
    );
  });
});

test('a batch is cut where its event would pass 6 MB', async () => {
  const { batches, mapping } = map(() => null);
  for (const letter of ['a', 'b', 'c']) queue.send(letter.repeat(2_500_000));

  await drain(mapping);

  expect(batches.map(batch => batch.map(body => body[0]).join(''))).toEqual(['ab', 'c']);
});

test.each([
  ['null', []],
  ['{}', []],
  ['{"batchItemFailures": null}', []],
  ['{"batchItemFailures": []}', []],
  ['{"batchItemFailures": [{"itemIdentifier": "b"}]}', ['b']],
  ['{"batchItemFailures": [{"itemIdentifier": ""}]}', ['a', 'b']],
  ['{"batchItemFailures": [{"itemIdentifier": null}]}', ['a', 'b']],
  ['{"batchItemFailures": [{"wrong": "b"}]}', ['a', 'b']],
  ['{"batchItemFailures": [{"itemIdentifier": "unknown"}]}', ['a', 'b']],
  ['{"batchItemFailures": "b"}', ['a', 'b']],
  ['"text"', ['a', 'b']],
])('the answer %s means that %j failed', (payload, expected) => {
  expect(failedItems(payload, ['a', 'b'])).toEqual(expected);
});

test('messages of a throttled invocation come back, and only when they are asked for where others still run', async () => {
  let throttled = true;
  const { batches, mapping } = map(() => {
    if (throttled) throw new ServiceError('TooManyRequestsException', 'Rate Exceeded.', 429);
    return null;
  });
  queue.send('a');
  mapping.flush();
  await mapping.settled();
  throttled = false;
  mapping.flush(false);
  await mapping.settled();
  expect([batches.length, mapping.pending]).toEqual([1, 1]);
  await drain(mapping);
  expect(batches).toEqual([['a'], ['a']]);
});

test('a message that fails again and again waits longer each time, so that its receives last', async () => {
  let now = 0;
  const clock = jest.spyOn(Date, 'now').mockImplementation(() => now);
  const times: number[] = [];
  const { mapping } = map(
    () => {
      times.push(now);
      throw new ServiceError('TooManyRequestsException', 'Rate Exceeded.', 429);
    },
    { wait: receives => receives * 1_000 },
  );
  queue.send('a');
  for (; now < 7_000; now += 250) {
    mapping.flush();
    await mapping.settled();
  }
  clock.mockRestore();
  expect(times).toEqual([0, 1_000, 3_000, 6_000]);
});

test('a hundred receives last for minutes where nothing else is to come, and the first comes soon', () => {
  const waits = Array.from({ length: 100 }, (_, n) => shortWait(n + 1));
  expect(waits[0]).toBeLessThanOrEqual(200);
  expect(waits.reduce((sum, each) => sum + each, 0)).toBeGreaterThan(180_000);
});

test('a failed message does not come back at once by itself', async () => {
  const { batches, mapping } = map(() => new Error('no'), { wait: shortWait });
  queue.send('a');
  mapping.flush();
  await mapping.settled();
  mapping.flush();
  await mapping.settled();
  expect(batches).toEqual([['a']]);
});
