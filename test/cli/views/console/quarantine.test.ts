import { sendObjectAgain } from '../../../../cli/quarantine/send-again.ts';
import type { Quarantined } from '../../../../cli/queries/quarantine-store.ts';
import { cookieName } from '../../../../cli/views/console/guard.ts';
import { appOf, ask, deploymentOf, type Holds, host, page, token } from './deployment-fixture.ts';

const key = 'quarantine/2025-03-11/logs-one.ndjson';
const log = 's3://trail/AWSLogs/999999999999/CloudTrail/us-east-1/2025/03/11/one.json.gz';
const object: Quarantined = {
  key,
  header: { execution: 'logs-one', at: '2025-03-11T09:00:00.000Z', count: 2, failure: null, input: null },
  refusals: [
    { step: 'Fetch', error: 'AccessDenied', message: '<b>no</b>\u202e', source: log },
    { step: 'Normalize', error: 'RecordError', message: 'no eventID', source: 'arn:aws:sns:x', record: 4 },
  ],
  arrived: [],
};

/** A quarantine with one object, entries of which were sent again, and what is done with it. */
function given(retried: string[] = []) {
  const puts: string[] = [];
  const sent: unknown[] = [];
  const held = { quarantined: [object], retried };
  const s3 = { PutObject: ({ Key }: Record<string, unknown>) => void puts.push(String(Key)) };
  const SendMessageBatch = (input: Record<string, unknown>) => {
    sent.push(input);
    return { Successful: [{ Id: '0', MessageId: 'm' }] };
  };
  const sqs = { SendMessageBatch };
  const sendAgain = (asked: string) => sendObjectAgain(asked, deploymentOf(held, { s3, sqs }));
  return { holds: { ...held, sendAgain }, puts, sent };
}
const path = `/quarantine?key=${encodeURIComponent(key)}`;

function press(holds: Holds, wanted: string, origin: string) {
  const headers = { host, cookie: `${cookieName(host)}=${token}`, origin };
  return appOf(holds).request(`http://${host}/quarantine/retry`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ key: wanted }),
  });
}

describe('the quarantine', () => {
  test('lists what was set aside and why, a page at a time', async () => {
    const more = Array.from({ length: 50 }, (_, n) => ({ ...object, key: key.replace('one', `p${10 + n}`) }));
    const holds = { quarantined: [...more, object] };
    const text = await page(holds, '/quarantine');
    expect(text).toContain('>logs-one.ndjson</a>');
    expect(text).toContain('<td>AccessDenied, RecordError</td>');
    expect(text).toContain('<td class="n">2</td>');
    expect(text).not.toContain('>logs-p59.ndjson</a>');
    const next = /rel="next" href="([^"]+)"/.exec(text)?.[1] ?? '';
    expect(await page(holds, next)).toContain('>logs-p59.ndjson</a>');
  });

  test('shows each refusal with its reason, made safe, and a link to its execution', async () => {
    const text = await page(given().holds, path);
    expect(text).toContain('<td>&lt;b&gt;no&lt;/b&gt;\\u{202e}</td>');
    expect(text).toContain('record 4');
    expect(text).toContain('href="/execution?name=logs-one"');
    expect(text).not.toContain('sent again before');
  });

  test('has nothing else of the bucket', async () => {
    const response = await ask(appOf(given().holds), '/quarantine?key=work%2Fone');
    expect(response.status).not.toBe(200);
    expect(await response.text()).toContain('work/one is not in quarantine');
  });

  test('sends an object again by a button, and says what could not be', async () => {
    const { holds, sent, puts } = given();
    const response = await press(holds, key, `http://${host}`);
    expect(response.status).toBe(303);
    expect(response.headers.get('location')).toBe(`${path}&unsent=1`);
    expect(sent).toMatchObject([{ QueueUrl: 'https://queue/trail' }]);
    expect(JSON.stringify(sent)).toContain('one.json.gz');
    expect(puts).toEqual([expect.stringMatching(/^quarantine-retried\/[0-9a-f]{12}$/)]);
    const text = await page(
      given(puts.map(put => put.slice('quarantine-retried/'.length))).holds,
      `${path}&unsent=1`,
    );
    expect(text).toContain('1 entry could not be sent again');
    expect(text).toContain('1 entry of 2 sent again before');
  });

  test('sends nothing for a form of another site, nor for another key', async () => {
    const { holds, sent } = given();
    expect((await press(holds, key, 'http://evil.example')).status).toBe(403);
    expect((await press(holds, 'work/one', `http://${host}`)).status).not.toBe(303);
    expect(sent).toEqual([]);
  });
});
