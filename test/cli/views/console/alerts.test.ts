import type { OutstandingAlert } from '../../../../core/linking/alert.ts';
import type { RefusedAttempt } from '../../../../core/linking/refused.ts';
import { answer, unlinked } from '../../fixtures.ts';
import type { HeldCall } from '../../queries/memory-store.ts';
import { page } from './deployment-fixture.ts';

const hostile = '<img src=x onerror=alert(1)>\u202egpj\u001b';
const shown = '&lt;img src=x onerror=alert(1)&gt;\\u{202e}gpj\\u{1b}';
const second = (index: number) =>
  new Date(Date.UTC(2025, 2, 11, 9, 0, index)).toISOString().replace('.000', '');

const attempt = (index: number, more: Partial<RefusedAttempt> = {}): RefusedAttempt => ({
  eventID: `${String(index).padStart(4, '0')}-attempt`,
  recipientAccountId: '999999999999',
  provenance: 'trail',
  eventTime: second(index),
  eventName: 'AssumeRole',
  role: 'arn:aws:iam::999999999999:role/DataAdmin',
  caller: 'arn:aws:iam::111111111111:user/jsmith',
  account: '111111111111',
  credential: null,
  errorCode: 'AccessDenied',
  sourceIPAddress: '198.51.100.1',
  ...more,
});
const idsIn = (text: string, name: RegExp) => [...text.matchAll(name)].map(([id]) => id);
const nextOf = (text: string) => /rel="next" href="([^"]+)"/.exec(text)?.[1]?.replaceAll('&amp;', '&');

async function pagesOf(holds: Parameters<typeof page>[0], first: string): Promise<string[]> {
  const texts: string[] = [];
  for (let path: string | undefined = first; path; path = nextOf(texts.at(-1) ?? '')) {
    texts.push(await page(holds, path));
  }
  return texts;
}

describe('refused attempts', () => {
  const refused = [...Array(120).keys()].reverse().map(index => attempt(index));

  test('are listed newest first, a page at a time, every one once', async () => {
    const pages = await pagesOf({ refused }, '/refused');
    expect(pages).toHaveLength(3);
    const seen = pages.flatMap(text => idsIn(text, /(?<=<code>)\d{4}-attempt(?=<)/g));
    expect(seen).toEqual(refused.map(({ eventID }) => eventID));
  });

  test('lead to the record, the session they were made from and the role that was wanted', async () => {
    const text = await page({ refused: [attempt(1, { credential: 'ASIAONE' })] }, '/refused');
    expect(text).toContain('href="/event?id=0001-attempt"');
    expect(text).toContain('href="/session?id=ASIAONE"');
    expect(text).toContain('href="/sessions?role=arn%3Aaws%3Aiam%3A%3A999999999999%3Arole%2FDataAdmin"');
  });

  test('of whoever writes the log cannot write the page', async () => {
    const more = { caller: hostile, role: hostile, errorCode: hostile, sourceIPAddress: hostile };
    const text = await page({ refused: [attempt(1, { ...more, credential: hostile })] }, '/refused');
    expect(text).toContain(shown);
    for (const raw of ['<img', '\u001b', '\u202e']) expect(text).not.toContain(raw);
  });

  test('that are none say so, and a time that is none is told', async () => {
    expect(await page({}, '/refused')).toContain(
      'These logs show no refused attempt to assume an audited role',
    );
    expect(await page({}, '/refused?since=2025-03-11')).toContain('in that time');
    const wrong = await page({}, '/refused?since=yesterday');
    expect(wrong).toContain('Expected a date or a time, e.g. 2025-03-11');
    expect(wrong).not.toContain('Not found');
  });
});

describe('alerts', () => {
  const named = (index: number) => `ASIA${String(index).padStart(4, '0')}`;
  const alert = (index: number, more: Partial<OutstandingAlert> = {}): OutstandingAlert => ({
    credential: named(index),
    session: `${named(index)}.00000000`,
    state: 'alerted',
    noticedAt: second(index),
    alertedAt: '2025-03-11T14:20:00Z',
    explainedAt: null,
    putOff: null,
    at: `${second(index)}#${named(index)}.00000000`,
    ...more,
  });
  const session = (index: number) => {
    const { credential, session: name } = alert(index);
    return unlinked({ credential, accessKeyId: credential, session: name, began: second(index) });
  };
  const firstCall = (credential: string): HeldCall => ({
    credential,
    eventID: 'first-call',
    recipientAccountId: '999999999999',
    provenance: 'trail',
    eventTime: second(0),
    eventName: hostile,
    eventSource: 's3.amazonaws.com',
    awsRegion: 'us-east-1',
    errorCode: null,
    sourceIPAddress: hostile,
    agent: null,
    use: 'use-1',
    request: null,
    amends: null,
  });

  test('stand with session, first call and time, a page at a time, and are made safe', async () => {
    const numbers = [...Array(60).keys()].reverse();
    const holds = { alerts: numbers.map(index => alert(index)), answers: numbers.map(session) };
    const pages = await pagesOf(
      { ...holds, calls: numbers.map(index => firstCall(named(index))) },
      '/alerts',
    );
    const seen = pages.flatMap(text => idsIn(text, /(?<=>)ASIA\d{4}(?=<\/a>)/g));
    expect(seen).toEqual(numbers.map(named));
    expect(pages).toHaveLength(2);
    expect(pages[0]).toContain('href="/session?id=ASIA0059.00000000"');
    expect(pages[0]).toContain('href="/event?id=first-call"');
    expect(pages[0]).toContain('2025-03-11 14:20:00');
    expect(pages[0]).toContain(shown);
    expect(pages[0]).not.toContain('<img');
  });

  test('are told on the page of their session, also when they were withdrawn', async () => {
    const { session: name, credential } = answer();
    const told = { ...alert(1), session: name, credential };
    const standing = await page({ answers: [answer()], alerts: [told] }, `/session?id=${name}`);
    expect(standing).toContain('Alerted 2025-03-11 14:20:00.');
    const explained = { ...told, state: 'explained' as const, explainedAt: '2025-03-11T15:00:00Z' };
    expect(await page({ answers: [answer()], alerts: [explained] }, `/session?id=${name}`)).toContain(
      'withdrawn 2025-03-11 15:00:00',
    );
  });

  test('are raised by no trace, and its page says so', async () => {
    const text = await page({ traced: true }, '/alerts');
    expect(text).toContain('A trace raises no alerts.');
    expect(text).not.toContain('No open alerts');
    expect(await page({ traced: true }, '/')).toContain('from a trace, which runs no state machine');
  });

  test('that are none lead to what is unlinked', async () => {
    expect(await page({}, '/alerts')).toContain('href="/sessions?show=open"');
  });
});
