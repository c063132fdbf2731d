import { sendAlone } from '../../../steps/intake/alone.ts';
import { decodeMessage } from '../../../steps/intake/messages/decode.ts';

interface Sent {
  MessageBody: string;
  MessageAttributes?: { replay: { StringValue: string } };
}

function queue(Failed: object[] = []) {
  const requests: Sent[][] = [];
  const send = async ({ input }: { input: { Entries: Sent[] } }) => {
    requests.push(input.Entries);
    return { Failed };
  };
  return { requests, sqs: { send } as unknown as Parameters<typeof sendAlone>[0] };
}

const files = Array.from({ length: 12 }, (_, n) => ({ bucket: 'trail', key: `${n}.json.gz` }));

test('each file is a message that intake reads alone, ten to a request', async () => {
  const { sqs, requests } = queue();
  await sendAlone(sqs, 'url', 'logs-x12-0123456789abcdef', files);
  expect(requests.map(({ length }) => length)).toEqual([10, 2]);
  const messages = requests.flat();
  expect(messages.map(({ MessageBody }) => decodeMessage(MessageBody))).toEqual(
    files.map(file => ({ kind: 'objects', objects: [{ ...file, alone: true }], notLogs: 0, topicArn: null })),
  );
  expect(messages.filter(each => 'MessageAttributes' in each)).toEqual([]);
});

test('what a replay sent stays its own', async () => {
  const { sqs, requests } = queue();
  const stamp = '20250311T091000000Z';
  await sendAlone(sqs, 'url', `replay-${stamp}-logs-x12-0123456789abcdef`, files.slice(0, 1));
  expect(requests[0]?.[0]?.MessageAttributes?.replay.StringValue).toBe(stamp);
});

test('a message that SQS does not take is tried again', async () => {
  const { sqs } = queue([{ Id: '0', Code: 'InternalError' }]);
  await expect(sendAlone(sqs, 'url', 'logs', files)).rejects.toMatchObject({ name: 'TransientError' });
});
