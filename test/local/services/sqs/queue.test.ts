import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SqsService } from '../../../../local/services/sqs/service.ts';
import { Queue } from '../../../../local/services/sqs/store.ts';
import { temporaryFolder } from '../../assembly-fixture.ts';

const open: Queue[] = [];
afterEach(() => {
  for (const queue of open.splice(0)) queue.close();
});

function openQueue(name = 'logs', folder = temporaryFolder()) {
  const queue = new Queue({
    name,
    arn: `arn:aws:sqs:eu-west-1:111122223333:${name}`,
    visibilityTimeout: 30,
    maximumMessageSize: 262_144,
    file: join(folder, `${name}.ndjson`),
  });
  open.push(queue);
  return queue;
}

test('a received message is hidden until it is deleted or its visibility ends', () => {
  const queue = openQueue();
  queue.send('one');

  const [first] = queue.receive(10);
  expect(queue.receive(10)).toEqual([]);
  queue.changeVisibility(first?.receiptHandle ?? '', 0);
  const [second] = queue.receive(10);
  queue.delete(second?.receiptHandle ?? '');

  expect(second).toMatchObject({
    id: first?.id,
    body: 'one',
    receives: 2,
    firstReceivedAt: first?.firstReceivedAt,
  });
  expect([queue.visible, queue.inFlight]).toEqual([0, 0]);
});

test('a receipt handle of an earlier receive does not delete the message', () => {
  const queue = openQueue();
  queue.send('one');
  const [stale] = queue.receive(1, 0);

  queue.delete(stale?.receiptHandle ?? '');

  expect(queue.visible).toBe(1);
});

test('a message that is not hidden at all comes once in a receive', () => {
  const queue = openQueue();
  queue.send('one');

  expect(queue.receive(10, 0)).toHaveLength(1);
  expect(queue.visible).toBe(1);
});

test('a message that was received too often goes to the dead-letter queue, its source with it', () => {
  const [queue, dead] = [openQueue('logs'), openQueue('dead')];
  queue.redrive = { target: dead, maxReceiveCount: 2 };
  const { id } = queue.send('poison');

  queue.receive(1, 0);
  queue.receive(1, 0);
  const third = queue.receive(1, 0);

  expect(third).toEqual([]);
  expect(queue.visible).toBe(0);
  expect(dead.receive(1)).toMatchObject([{ id, body: 'poison', deadLetterOf: queue.options.arn }]);
});

test('messages and their receive counts survive a restart; half a line of a crash does not hurt', () => {
  const folder = temporaryFolder();
  const before = openQueue('logs', folder);
  before.send('kept');
  before.send('deleted');
  const [kept, deleted] = before.receive(2);
  before.delete(deleted?.receiptHandle ?? '');
  appendFileSync(join(folder, 'logs.ndjson'), '{"put":{"id":"torn');

  const after = openQueue('logs', folder);

  expect(after.receive(10)).toMatchObject([{ id: kept?.id, body: 'kept', receives: 2 }]);
  expect(after.visible).toBe(0);
  expect(readFileSync(join(folder, 'logs.ndjson'), 'utf8')).not.toContain('torn');
});

describe('the SQS API', () => {
  function serve() {
    const [queue, dead] = [openQueue('logs'), openQueue('dead')];
    queue.redrive = { target: dead, maxReceiveCount: 1 };
    const sqs = new SqsService([queue, dead], ({ options }) => `http://127.0.0.1:1/1/${options.name}`);
    return { queue, dead, sqs, QueueUrl: 'http://127.0.0.1:1/1/logs' };
  }

  test('sends, receives and deletes', async () => {
    const { queue, sqs, QueueUrl } = serve();

    const sent = await sqs.call('SendMessage', { QueueUrl, MessageBody: 'hello' });
    const received = await sqs.call('ReceiveMessage', { QueueUrl, AttributeNames: ['All'] });
    const [{ ReceiptHandle }] = (received as { Messages: [{ ReceiptHandle: string }] }).Messages;
    await sqs.call('DeleteMessage', { QueueUrl, ReceiptHandle });

    expect(sent).toMatchObject({ MD5OfMessageBody: '5d41402abc4b2a76b9719d911017c592' });
    expect(received).toMatchObject({
      Messages: [{ Body: 'hello', Attributes: { ApproximateReceiveCount: '1' } }],
    });
    expect([queue.visible, queue.inFlight]).toEqual([0, 0]);
  });

  test("a sender's attributes come with the message, also after a restart and back from the dead letters", async () => {
    const folder = temporaryFolder();
    const [queue, dead] = [openQueue('logs', folder), openQueue('dead', folder)];
    const sqs = new SqsService([queue, dead], ({ options }) => options.name);
    const MessageAttributes = { replay: { DataType: 'String', StringValue: 'now' } };
    await sqs.call('SendMessage', { QueueUrl: 'dead', MessageBody: 'hello', MessageAttributes });
    await sqs.call('StartMessageMoveTask', { SourceArn: 'dead', DestinationArn: 'logs' });
    const again = new SqsService([openQueue('logs', folder)], ({ options }) => options.name);
    const ask = { QueueUrl: 'logs', VisibilityTimeout: 0 };
    const MessageAttributeNames = ['All'];
    expect(await again.call('ReceiveMessage', { ...ask, MessageAttributeNames })).toMatchObject({
      Messages: [{ Body: 'hello', MessageAttributes }],
    });
    const [plain] = ((await again.call('ReceiveMessage', ask)) as { Messages: object[] }).Messages;
    expect(plain).not.toHaveProperty('MessageAttributes');
  });

  test('a batch of waits makes each message visible in its time', async () => {
    const { queue, sqs, QueueUrl } = serve();
    queue.send('now');
    queue.send('later');
    const [now, later] = queue.receive(2).map(({ receiptHandle }) => receiptHandle);
    const Entries = [
      { Id: 'a', ReceiptHandle: now, VisibilityTimeout: 0 },
      { Id: 'b', ReceiptHandle: later, VisibilityTimeout: 60 },
      { Id: 'c', ReceiptHandle: 'strange', VisibilityTimeout: 0 },
    ];
    expect(await sqs.call('ChangeMessageVisibilityBatch', { QueueUrl, Entries })).toMatchObject({
      Successful: [{ Id: 'a' }, { Id: 'b' }],
      Failed: [{ Id: 'c', Code: 'ReceiptHandleIsInvalid' }],
    });
    expect([queue.visible, queue.inFlight]).toEqual([1, 1]);
    queue.close();
  });

  test('a batch says which entries failed', async () => {
    const { sqs, QueueUrl } = serve();

    const answer = await sqs.call('SendMessageBatch', {
      QueueUrl,
      Entries: [
        { Id: 'a', MessageBody: 'x' },
        { Id: 'b', MessageBody: 'x'.repeat(262_145) },
      ],
    });

    expect(answer).toMatchObject({
      Successful: [{ Id: 'a' }],
      Failed: [{ Id: 'b', Code: 'InvalidParameterValue', SenderFault: true }],
    });
  });

  test('moves dead letters back to where they came from', async () => {
    const { queue, dead, sqs } = serve();
    queue.send('again');
    queue.receive(1, 0);
    queue.receive(1, 0);

    await sqs.call('StartMessageMoveTask', { SourceArn: dead.options.arn });

    expect([queue.visible, dead.visible]).toEqual([1, 0]);
    expect(queue.receive(1)).toMatchObject([{ body: 'again', receives: 1 }]);
  });

  test.each([
    ['SendMessage', { QueueUrl: 'http://x/1/gone', MessageBody: 'x' }, 'QueueDoesNotExist'],
    ['SendMessage', { QueueUrl: 'logs', MessageBody: 'x', MessageGroupId: 'g' }, 'InvalidParameterValue'],
    ['SendMessageBatch', { QueueUrl: 'logs', Entries: [] }, 'EmptyBatchRequest'],
    ['DeleteMessage', { QueueUrl: 'logs', ReceiptHandle: 'made up' }, 'ReceiptHandleIsInvalid'],
    ['TagQueue', { QueueUrl: 'logs' }, 'UnsupportedOperation'],
  ])('%s %j fails as %s', async (operation, input, code) => {
    await expect(serve().sqs.call(operation, input)).rejects.toMatchObject({ code });
  });
});
