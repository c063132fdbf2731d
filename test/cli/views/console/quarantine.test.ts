import { consoleApp } from '../../../../cli/views/console/app.ts';
import { cookieName } from '../../../../cli/views/console/guard.ts';
import { ask, deploymentOf, host, page, token } from './deployment-fixture.ts';

const key = 'quarantine/2025-03-11/logs-one.ndjson';
const log = 's3://trail/AWSLogs/999999999999/CloudTrail/us-east-1/2025/03/11/one.json.gz';
const object = [
  { execution: 'logs-one', at: '2025-03-11T09:00:00.000Z', count: 2, failure: null, input: null },
  { step: 'Fetch', error: 'AccessDenied', message: '<b>no</b>\u202e', source: log },
  { step: 'Normalize', error: 'RecordError', message: 'no eventID', source: 'arn:aws:sns:x', record: 4 },
]
  .map(line => `${JSON.stringify(line)}\n`)
  .join('');

function bucket(marks: string[] = []) {
  const puts: string[] = [];
  const sent: unknown[] = [];
  const listed: Record<string, unknown>[] = [];
  const s3 = {
    ListObjectsV2: (input: Record<string, unknown>) => {
      listed.push(input);
      if (input.Prefix !== 'quarantine/') return { Contents: marks.map(Key => ({ Key })) };
      return {
        Contents: [{ Key: key, LastModified: new Date(Date.UTC(2025, 2, 11, 9)) }],
        NextContinuationToken: 'more+/',
      };
    },
    GetObject: () => ({
      Body: (async function* () {
        yield Buffer.from(object);
      })(),
    }),
    PutObject: ({ Key }: Record<string, unknown>) => void puts.push(String(Key)),
  };
  const sqs = { SendMessage: (input: unknown) => void sent.push(input) };
  return { holds: { s3, sqs }, puts, sent, listed };
}
const path = `/quarantine?key=${encodeURIComponent(key)}`;

function press(holds: Parameters<typeof deploymentOf>[0], wanted: string, origin: string) {
  const headers = { host, cookie: `${cookieName(host)}=${token}`, origin };
  return consoleApp(deploymentOf(holds), token).request(`http://${host}/quarantine/retry`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ key: wanted }),
  });
}

describe('the quarantine', () => {
  test('lists what was set aside and why, a page at a time', async () => {
    const { holds, listed } = bucket();
    const text = await page(holds, '/quarantine?from=a%2B');
    expect(text).toContain('>logs-one.ndjson</a>');
    expect(text).toContain('<td>AccessDenied, RecordError</td>');
    expect(text).toContain('<td class="n">2</td>');
    expect(text).toContain('href="/quarantine?from=more%2B%2F"');
    expect(listed).toMatchObject([{ Bucket: 'work', Prefix: 'quarantine/', ContinuationToken: 'a+' }]);
  });

  test('shows each refusal with its reason, made safe, and a link to its execution', async () => {
    const text = await page(bucket().holds, path);
    expect(text).toContain('<td>&lt;b&gt;no&lt;/b&gt;\\u{202e}</td>');
    expect(text).toContain('record 4');
    expect(text).toContain('href="/execution?name=logs-one"');
    expect(text).not.toContain('sent again before');
  });

  test('has nothing else of the bucket', async () => {
    const response = await ask(consoleApp(deploymentOf(bucket().holds), token), '/quarantine?key=work%2Fone');
    expect(response.status).not.toBe(200);
    expect(await response.text()).toContain('work/one is not in quarantine');
  });

  test('sends an object again by a button, and says what could not be', async () => {
    const { holds, sent, puts } = bucket();
    const response = await press(holds, key, `http://${host}`);
    expect(response.status).toBe(303);
    expect(response.headers.get('location')).toBe(`${path}&unsent=1`);
    expect(sent).toMatchObject([{ QueueUrl: 'https://queue/trail' }]);
    expect(JSON.stringify(sent)).toContain('one.json.gz');
    expect(puts).toEqual([expect.stringMatching(/^quarantine-retried\/[0-9a-f]{12}$/)]);
    const text = await page(bucket(puts).holds, `${path}&unsent=1`);
    expect(text).toContain('1 entry could not be sent again');
    expect(text).toContain('1 entry of 2 sent again before');
  });

  test('sends nothing for a form of another site, nor for another key', async () => {
    const { holds, sent } = bucket();
    expect((await press(holds, key, 'http://evil.example')).status).toBe(403);
    expect((await press(holds, 'work/one', `http://${host}`)).status).not.toBe(303);
    expect(sent).toEqual([]);
  });
});
