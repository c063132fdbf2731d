import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { noNames, People } from '../../../cli/people/people.ts';
import type { Summary } from '../../../cli/report/report.ts';
import { linesOf, writeReport } from '../../../cli/report/report.ts';
import { reportedSession } from '../../../cli/report/session-line.ts';
import { consoleApp } from '../../../cli/views/console/app.ts';
import { sessionRows } from '../../../cli/views/console/parts/session-rows.ts';
import { answerLines } from '../../../cli/views/terminal/answer.ts';
import { nameParty } from '../../../cli/views/terminal/party.ts';
import { storyOf } from '../../../cli/views/terminal/story.ts';
import { paintFor } from '../../../cli/views/text/paint.ts';
import type { Party } from '../../../core/linking/chain.ts';
import { answer, hop, jsmith } from '../fixtures.ts';
import { ask, shownOf, token } from '../views/console/deployment-fixture.ts';

const plain = paintFor({}, false);
const id = '94482488-3041-7033-8f2e-4c1e9a7b0d11';
const people = new People(new Map([[id, 'kim.ortiz']]));
const party = (more: Partial<Party>): Party => ({
  ...jsmith,
  arn: null,
  principalId: null,
  userName: null,
  ...more,
});
const user = party({ type: 'IdentityCenterUser', onBehalfOf: id });
const enhanced = party({
  type: 'AssumedRole',
  arn: 'arn:aws:sts::333333333333:assumed-role/Dev/i-1',
  accountId: '333333333333',
  onBehalfOf: id,
});

describe('a user of Identity Center', () => {
  test.each([
    [
      'is the name, and the id beside it',
      user,
      { name: 'kim.ortiz', what: `Identity Center user ${id}, account 111111111111` },
      { name: id, what: 'Identity Center user, account 111111111111' },
    ],
    [
      'is who a session stands for',
      enhanced,
      {
        name: 'Dev/i-1',
        what: `role session, account 333333333333, for kim.ortiz (Identity Center user ${id})`,
      },
      { name: 'Dev/i-1', what: `role session, account 333333333333, for Identity Center user ${id}` },
    ],
    [
      'stays who the record names',
      { ...user, userName: 'k.ortiz' },
      {
        name: 'k.ortiz',
        what: `Identity Center user ${id}, account 111111111111, by the names given kim.ortiz`,
      },
      { name: 'k.ortiz', what: `Identity Center user ${id}, account 111111111111` },
    ],
    [
      'is shown by what is left, without an id',
      { ...user, onBehalfOf: null },
      { name: 'IdentityCenterUser', what: 'Identity Center user, account 111111111111' },
      { name: 'IdentityCenterUser', what: 'Identity Center user, account 111111111111' },
    ],
  ])('%s', (_what, shown, named, unnamed) => {
    expect(nameParty(shown, people)).toEqual(named);
    expect(nameParty(shown)).toEqual(unnamed);
  });

  test('whoever wrote the names cannot write to the terminal or the page', async () => {
    const hostile = new People(new Map([[id, '\u001b[2J<b>\u202e']]));
    const text = storyOf({ answer: answer({ origin: user }), calls: [], strays: [] }, plain, hostile)[0];
    expect(text).toContain('\\u{1b}[2J<b>\\u{202e} (Identity Center user');
    expect(`${sessionRows([answer({ origin: user })], hostile)}`).toContain('\\u{1b}[2J&lt;b&gt;\\u{202e}');
  });
});

describe('names are shown', () => {
  const shown = answer({
    origin: user,
    kind: 'identity-center',
    chain: [hop('Audit', ['issue-1'], '2025-03-11T09:00:00Z', enhanced)],
  });

  test('in the story and in the explanation', () => {
    const head = `  ● kim.ortiz (Identity Center user ${id}, account 111111111111) → Audit (account 999999999999)`;
    expect(storyOf({ answer: shown, calls: [], strays: [] }, plain, people)[0]).toBe(head);
    const lines = answerLines(shown, plain, {}, people);
    expect(lines[0]).toBe(head);
    expect(lines.join('\n')).toContain(`for kim.ortiz (Identity Center user ${id})) called AssumeRole`);
  });

  test('in the console: in lists, and in the chain', async () => {
    expect(`${sessionRows([shown], people)}`).toContain('<b>kim.ortiz</b>');
    expect(`${sessionRows([shown], noNames)}`).toContain(`<b>${id}</b>`);
    const app = consoleApp(shownOf({ answers: [shown] }), token, people);
    const text = await (await ask(app, '/session?id=ASIAONE.00000000')).text();
    expect(text).toContain('<h1>kim.ortiz</h1>');
    expect(text).toContain(`<b><a href="/sessions?origin=${id}">kim.ortiz</a></b>`);
  });

  test('beside an answer in JSON, which stays as it is; nothing where no name is known', () => {
    expect(people.beside(shown)).toEqual({ ...shown, people: { [id]: 'kim.ortiz' } });
    expect(people.beside(answer())).toEqual(answer());
    expect(noNames.beside(shown)).toBe(shown);
  });

  test('and in the lines of a report', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'roletrail-people-'));
    const session = reportedSession(shown, { firstSeen: null, lastSeen: null, calls: 0 });
    const lineWith = async (by?: People) => {
      const sessions = linesOf([session], by);
      await writeReport(folder, { calls: [], sessions, summary: () => ({}) as Summary });
      return JSON.parse(readFileSync(join(folder, 'sessions.ndjson'), 'utf8'));
    };
    const bare = await lineWith();
    expect(bare).not.toHaveProperty('people');
    expect(await lineWith(people)).toEqual({ ...bare, people: { [id]: 'kim.ortiz' } });
    rmSync(folder, { recursive: true });
  });
});
