import type { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import type { SNSClient } from '@aws-sdk/client-sns';
import { type Announcement, Announcer } from '../../../steps/runtime/announcer.ts';

const announcement: Announcement = {
  detailType: 'Unlinked session',
  detail: { id: 'unlinked-1', session: 'ASIA.1' },
  subject: 'roletrail: unlinked session ASIA',
  message: 'A credential is in use.',
};

function announcer(answer: object) {
  const sent: object[] = [];
  const client = (result: object) => ({
    send: async ({ input }: { input: object }) => {
      sent.push(input);
      return result;
    },
  });
  const events = client(answer) as unknown as EventBridgeClient;
  const sns = client({ MessageId: 'm' }) as unknown as SNSClient;
  return {
    sent,
    announcer: new Announcer(events, sns, 'arn:aws:sns:us-east-1:999999999999:alarms', 'roletrail-eu'),
  };
}

test('an announcement goes to the bus, then to the topic, with its id in both', async () => {
  // Given
  const { sent, announcer: each } = announcer({ FailedEntryCount: 0, Entries: [{ EventId: 'e' }] });
  // When
  await each.tell(announcement);
  // Then
  expect(sent).toEqual([
    {
      Entries: [
        {
          Source: 'roletrail-eu',
          DetailType: 'Unlinked session',
          Detail: '{"id":"unlinked-1","session":"ASIA.1"}',
        },
      ],
    },
    {
      TopicArn: 'arn:aws:sns:us-east-1:999999999999:alarms',
      Subject: 'roletrail: unlinked session ASIA',
      Message: 'A credential is in use.\n\nid: unlinked-1',
    },
  ]);
});

test('an event that EventBridge did not take is an error, although the request succeeded', async () => {
  // Given
  const { sent, announcer: each } = announcer({
    FailedEntryCount: 1,
    Entries: [{ ErrorCode: 'ThrottlingException', ErrorMessage: 'slow down' }],
  });
  // When
  const telling = each.tell(announcement);
  // Then
  await expect(telling).rejects.toThrow('EventBridge refused unlinked-1: ThrottlingException: slow down');
  expect(sent).toHaveLength(1);
});
