import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { DescribeExecutionCommand, ListExecutionsCommand, SFNClient } from '@aws-sdk/client-sfn';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { readPublished } from '../../../local/state/published.ts';
import { account, region } from '../assembly-fixture.ts';
import {
  bucket,
  closeAll,
  machineArn,
  resources,
  start,
  type TestCloud,
  topicArn,
} from '../cloud-fixture.ts';

afterEach(closeAll);

function clients({ endpoint, region, credentials }: TestCloud) {
  const options = { endpoint, region, credentials };
  return {
    events: new EventBridgeClient(options),
    sns: new SNSClient(options),
    sfn: new SFNClient(options),
  };
}

/** What the small stack's executions got as their messages. */
async function messages(cloud: TestCloud): Promise<Record<string, unknown>[]> {
  await cloud.idle();
  const { sfn } = clients(cloud);
  const { executions = [] } = await sfn.send(new ListExecutionsCommand({ stateMachineArn: machineArn }));
  const described = executions.map(({ executionArn }) =>
    sfn.send(new DescribeExecutionCommand({ executionArn })),
  );
  return (await Promise.all(described)).map(({ input = '' }) => JSON.parse(JSON.parse(input).body));
}

describe('PutEvents', () => {
  test('keeps events as the bus delivers them, and reaches the rules that match', async () => {
    // Given
    const stack = resources();
    stack.Rule.Properties.EventPattern = {
      source: ['roletrail'],
      detail: { bucket: { name: [bucket] }, object: { key: [{ suffix: '.gz' }] } },
    };
    const cloud = await start(stack);
    const detail = { bucket: { name: bucket }, object: { key: 'a.gz' } };
    const entry = { Source: 'roletrail', DetailType: 'News', Detail: JSON.stringify(detail) };
    // When
    const answer = await clients(cloud).events.send(
      new PutEventsCommand({ Entries: [entry, { ...entry, Detail: '{"bucket":{}}' }] }),
    );
    // Then
    expect(answer).toMatchObject({ FailedEntryCount: 0, Entries: [{}, {}] });
    const event = {
      version: '0',
      id: answer.Entries?.[0]?.EventId,
      'detail-type': 'News',
      source: 'roletrail',
      account: '111122223333',
      region: 'eu-west-1',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
      resources: [],
      detail,
    };
    const published = readPublished(cloud.state);
    expect(published).toHaveLength(2);
    expect(published[0]).toEqual({ service: 'events', at: expect.any(String), event });
    expect(await messages(cloud)).toEqual([event]);
  });

  test('an entry AWS would not take fails alone', async () => {
    // Given
    const cloud = await start();
    const entry = { Source: 'roletrail', DetailType: 'News', Detail: '{}' };
    // When
    const { FailedEntryCount, Entries = [] } = await clients(cloud).events.send(
      new PutEventsCommand({
        Entries: [
          { ...entry, Detail: '[]' },
          { ...entry, Source: 'aws.s3' },
          { ...entry, EventBusName: 'other' },
          entry,
        ],
      }),
    );
    // Then
    expect(FailedEntryCount).toBe(3);
    expect(Entries.map(({ ErrorCode }) => ErrorCode)).toEqual([
      'MalformedDetail',
      'NotAuthorizedForSourceException',
      'ResourceNotFoundException',
      undefined,
    ]);
    expect(readPublished(cloud.state)).toHaveLength(1);
  });

  test('a field that would be ignored is refused by name', async () => {
    const cloud = await start();
    const entry = { Source: 'roletrail', DetailType: 'News', Detail: '{}', TraceHeader: 'Root=1' };
    await expect(
      clients(cloud).events.send(new PutEventsCommand({ Entries: [entry] })),
    ).rejects.toMatchObject({ name: 'ValidationException', message: expect.stringContaining('TraceHeader') });
  });
});

describe('Publish', () => {
  test('keeps a message, and brings it to the subscribed queue with its subject', async () => {
    // Given
    const cloud = await start();
    // When
    const { MessageId } = await clients(cloud).sns.send(
      new PublishCommand({ TopicArn: topicArn, Subject: 'News', Message: '{"a":"ä & <b>"}' }),
    );
    // Then
    expect(readPublished(cloud.state)).toEqual([
      {
        service: 'sns',
        at: expect.any(String),
        messageId: MessageId,
        topicArn,
        subject: 'News',
        message: '{"a":"ä & <b>"}',
      },
    ]);
    expect(await messages(cloud)).toMatchObject([{ MessageId, Subject: 'News', Message: '{"a":"ä & <b>"}' }]);
  });

  test.each([
    ['an unknown topic', { TopicArn: `arn:aws:sns:${region}:${account}:x` }, 'Topic does not exist'],
    [
      'an unknown topic of another account',
      { TopicArn: `${topicArn}x` },
      'not authorized to perform: sns:Publish',
    ],
    ['a subject with a line break', { Subject: 'a\nb' }, 'Subject'],
    ['a subject that is too long', { Subject: 'a'.repeat(101) }, 'Subject'],
    ['a field that would be ignored', { MessageStructure: 'json' }, 'MessageStructure of Publish'],
    ['a telephone', { TopicArn: undefined, PhoneNumber: '+1' }, 'PhoneNumber of Publish'],
  ])('%s is refused by name', async (_, change, sentence) => {
    const cloud = await start();
    const command = new PublishCommand({ TopicArn: topicArn, Message: 'm', ...change });
    await expect(clients(cloud).sns.send(command)).rejects.toThrow(sentence);
    expect(readPublished(cloud.state)).toEqual([]);
  });
});
