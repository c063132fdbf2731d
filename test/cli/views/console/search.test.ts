import { answer, jsmith, unlinked } from '../../fixtures.ts';
import { appOf, ask, type Holds, page } from './deployment-fixture.ts';

const search = (subject: string) => `/search?q=${encodeURIComponent(subject)}`;
const whereTo = async (holds: Holds, subject: string) =>
  (await ask(appOf(holds), search(subject))).headers.get('location');
const second = answer({ session: 'ASIATHREE.00000000', credential: 'ASIATHREE' });

describe('the search', () => {
  test('a session’s ARN shows the session, whatever its case', async () => {
    const text = await page({ answers: [answer()] }, search(answer().arn?.toUpperCase() ?? ''));
    expect(text).toContain('is this session itself');
    expect(text).toContain('href="/session?id=ASIAONE.00000000"');
  });

  test('a name that a caller chose is shown as the session’s, and no person’s', async () => {
    const holds = {
      answers: [unlinked({ sessionName: 'ceo' }), answer({ origin: { ...jsmith, userName: 'ceo' } })],
    };
    const text = await page(holds, search('CEO'));
    const [behind, chosen] = ['is who is behind this session', 'it names no person'].map(part =>
      text.indexOf(part),
    );
    expect(behind).toBeGreaterThan(0);
    expect(chosen).toBeGreaterThan(behind ?? 0);
  });

  test('a user behind several sessions, and a role, have lists of their own', async () => {
    expect(await whereTo({ answers: [answer(), second] }, 'jsmith')).toBe('/sessions?origin=jsmith');
    expect(await whereTo({ answers: [answer()] }, 'crossaccounttest')).toBe(
      '/sessions?role=crossaccounttest',
    );
  });

  test('whoever wrote the log cannot write the page', async () => {
    const name = '<img src=x>\u202e';
    const text = await page({ answers: [answer({ sessionName: name })] }, search(name));
    expect(text).toContain('&lt;img src=x&gt;\\u{202e}');
    for (const raw of ['<img', '\u202e']) expect(text).not.toContain(raw);
  });
});

describe('the list of sessions', () => {
  test('holds all of the state, whichever roles are configured', async () => {
    const roleArn = 'arn:aws:iam::310742558619:role/team/DataLake';
    const text = await page({ answers: [answer({ roleArn, chain: [] })] }, '/sessions');
    expect(text).toContain('team/DataLake');
    expect(text).toContain('>All</a>');
  });

  test('of a role is found by its name, by any account', async () => {
    const roleArn = 'arn:aws:iam::310742558619:role/DataLake';
    expect(await page({ answers: [answer({ roleArn })] }, '/sessions?role=datalake')).toContain(
      'ASIAONE.00000000',
    );
    expect(await page({ answers: [] }, '/sessions?role=datalake')).toContain(
      'no session here belongs to a role called datalake',
    );
  });
});

test('a hop shows the external id that it was asked with', async () => {
  const [first] = answer().chain;
  const chain = first ? [{ ...first, externalId: 'vendor-<2026>' }] : [];
  const text = await page({ answers: [answer({ chain })] }, '/session?id=ASIAONE.00000000');
  expect(text).toContain('with the external id vendor-&lt;2026&gt;');
});
