import { call, key } from '../../evidence/story.ts';
import { answer, jsmith } from '../../fixtures.ts';
import { appOf, ask, page } from './deployment-fixture.ts';

const bucketName = 'led"<b>ger';
const records = [1, 2, 3].map(n => ({
  ...call,
  ...{
    eventID: `call-${n}`,
    eventTime: `2025-03-11T09:0${n}:00Z`,
    eventName: 'PutBucketPolicy',
    readOnly: false,
  },
  requestParameters: { bucketName },
  ...(n === 2 && { errorCode: 'AccessDenied' }),
}));
const evidence = records.map(record => ({
  ...{ eventID: record.eventID, recipientAccountId: '999999999999', provenance: 'trail' as const },
  ...{ digest: 'd', source: 's3://trail/x', execution: 'one', record: JSON.stringify(record) },
}));
const own = answer({ credential: key, accessKeyId: key, session: `${key}.00000000`, crowded: true });
const holds = { evidence, answers: [own] };

describe('the pages of activity', () => {
  test.each([
    ['/calls', '>jsmith</a>'],
    ['/calls?error=any', 'AccessDenied'],
    ['/people', 'jsmith'],
    ['/people?name=JSMITH', '3 calls linked to who is behind them, 0 not, in 1 session'],
    ['/roles', 'CrossAccountTest'],
    ['/addresses', '198.51.100.1'],
    ['/addresses?name=198.51.100.1', 'jsmith'],
    ['/resources', '3 permission changes'],
    [`/resources?name=${encodeURIComponent(bucketName)}`, 'jsmith'],
  ])('%s shows what was done', async (path, text) => {
    const shown = await page(holds, path);
    expect(shown).toContain(text);
    for (const raw of ['<b>ger', '\u202e', '<script>']) expect(shown).not.toContain(raw);
  });

  test('calls are filtered by the fields of the form; what was left empty filters nothing', async () => {
    const only = await page(
      holds,
      '/calls?error=accessdenied&person=&role=&session=&service=S3&action=Put*&since=',
    );
    expect(only.match(/event\?id=call-\d/g)).toEqual(['event?id=call-2']);
    expect(await page(holds, '/calls?service=kms')).toContain('No call matches');
  });

  test('a name that is not there, and a time that is none, are a sentence', async () => {
    const missing = await ask(appOf(holds), '/resources?name=none');
    expect([missing.status, await missing.text()]).toEqual([
      404,
      expect.stringContaining('no call here touched none'),
    ]);
    expect((await ask(appOf(holds), '/calls?since=never')).status).toBe(400);
  });

  test('a page that is full leads on, and says that there is more', async () => {
    const many = Array.from({ length: 120 }, (_, n) => {
      const record = { ...records[0], eventID: `many-${String(n).padStart(3, '0')}` };
      return { ...evidence[0], eventID: record.eventID, record: JSON.stringify(record) };
    }) as typeof evidence;
    const first = await page({ evidence: many, answers: [own] }, '/calls');
    expect(first).toContain('Older: there are more');
    const next = /href="(\/calls\?from=[^"]+)"/.exec(first)?.[1]?.replaceAll('&amp;', '&') ?? '';
    const second = await page({ evidence: many, answers: [own] }, next);
    const shown = [first, second].map(text => text.match(/event\?id=many-\d+/g) ?? []);
    expect(shown.map(({ length }) => length)).toEqual([100, 20]);
    expect(new Set(shown.flat()).size).toBe(120);
  });
});

test('sessions are listed newest first, page by page, with how each came about', async () => {
  const answers = Array.from({ length: 60 }, (_, n) =>
    answer({
      session: `ASIA${n}.0`,
      credential: `ASIA${n}`,
      began: `2025-03-11T09:00:${String(n).padStart(2, '0')}Z`,
    }),
  );
  const first = await page({ answers }, '/sessions');
  const ids = (text: string) => [...text.matchAll(/session\?id=ASIA(\d+)/g)].map(([, n]) => Number(n));
  expect(ids(first)[0]).toBe(59);
  expect(first).toContain('assumed by jsmith');
  const next = /href="(\/sessions\?from=[^"]+)"/.exec(first)?.[1]?.replaceAll('&amp;', '&') ?? '';
  expect(ids(await page({ answers }, next))).toEqual([9, 8, 7, 6, 5, 4, 3, 2, 1, 0]);
});

test('an empty list says what was audited, and in which logs', async () => {
  const file =
    'AWSLogs/999999999999/CloudTrail/us-east-1/2025/03/11/999999999999_CloudTrail_us-east-1_20250311T0905Z_a.json.gz';
  const files = [
    {
      bucket: 'b',
      key: file,
      etag: 'e',
      execution: 'x',
      at: '',
      earliest: '2025-03-11T08:58:00Z',
      reads: true,
    },
  ];
  const audited = ['arn:aws:iam::999999999999:role/Admin'];
  for (const path of ['/sessions', '/people']) {
    const text = await page({ files, audited }, path);
    expect(text).toContain(
      'Audited: arn:aws:iam::999999999999:role/Admin; calls under other roles were not kept',
    );
    expect(text).toContain('from 2025-03-11 08:58:00 to the hour of 2025-03-11 09:00 UTC');
  }
  expect(await page({}, '/sessions')).toContain('No log file of the audited account was read');
});

test('the search takes what who takes', async () => {
  const to = async (asked: string) => (await ask(appOf(holds), `/search?q=${asked}`)).headers.get('location');
  expect(await to('CALL-1')).toBe('/event?id=call-1');
  expect(await to(key.toLowerCase())).toBe(`/session?id=${key}`);
  expect(await page(holds, '/search?q=call')).toContain('Several ids begin with call');
  expect(await page(holds, '/search?q=198.51.100.1')).toContain('href="/addresses?name=198.51.100.1"');
  expect(await page(holds, `/search?q=${jsmith.accountId}`)).toContain(
    'An account: 1 person or workload of it',
  );
});
