import {
  chmodSync,
  chownSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { execute } from '../../../cli/execute.ts';
import { call, issuance, key } from '../evidence/story.ts';
import { logKey, temporaryFolder, writeFiles } from './folders.ts';

const folder = temporaryFolder();
let made = 0;

/** A folder of its own for a test: logs to trace, a state, a report. */
function place() {
  made += 1;
  const own = join(folder, String(made));
  return { logs: join(own, 'logs'), state: join(own, 'state.sqlite'), out: join(own, 'report') };
}

/** Runs the command; `err` as a pipe gets it. */
async function run(...words: string[]): Promise<{ status: number; out: string; err: string }> {
  const said = { out: [] as string[], err: [] as string[] };
  const status = await execute(
    words,
    { write: text => Boolean(said.out.push(String(text))) },
    { write: text => Boolean(said.err.push(String(text))) },
    new AbortController().signal,
  );
  return { status, out: said.out.join(''), err: said.err.join('') };
}

const hour = (n: number) => logKey('999999999999', `20250311T09${String(n).padStart(2, '0')}Z`, `u${n}`);
const second = (n: number) => `2025-03-11T09:00:${String(n).padStart(2, '0')}Z`;
const calls = (...numbers: number[]) =>
  numbers.map(n => ({ ...call, eventID: `call-${n}`, eventTime: second(n) }));
const summaryIn = (out: string) =>
  JSON.parse(readFileSync(join(out, 'summary.json'), 'utf8')) as Record<string, number>;

const wholeSecond = 1_700_000_000;

describe('a folder that grows', () => {
  test('is read on: what was read is not opened again, and the report is of all', async () => {
    const { logs, state, out } = place();
    writeFiles(logs, { [hour(1)]: [issuance, ...calls(1)], [hour(2)]: calls(2) });
    utimesSync(join(logs, hour(1)), wholeSecond, wholeSecond);
    expect(await run('trace', logs, '--state', state, '--out', out)).toMatchObject({ status: 0 });
    const before = readFileSync(join(logs, hour(1)));
    // Of the same size and time, it is taken for what it was: were it read, it would be refused.
    writeFileSync(join(logs, hour(1)), Buffer.alloc(before.length, 1));
    utimesSync(join(logs, hour(1)), wholeSecond, wholeSecond);
    writeFiles(logs, { [hour(3)]: calls(3) });
    expect(await run('trace', logs, '--state', state, '--out', out)).toMatchObject({ status: 0 });
    expect(summaryIn(out)).toMatchObject({
      files: 3,
      records: 4,
      linkedCalls: 3,
      sessions: 1,
      quarantined: 0,
    });
    writeFileSync(join(logs, hour(1)), before);
    const fresh = place();
    expect(await run('trace', logs, '--state', fresh.state, '--out', fresh.out)).toMatchObject({ status: 0 });
    for (const file of ['calls.ndjson', 'sessions.ndjson'])
      expect(readFileSync(join(out, file), 'utf8')).toBe(readFileSync(join(fresh.out, file), 'utf8'));
  });

  test('a file that was touched and is the same is read no second time', async () => {
    const { logs, state } = place();
    writeFiles(logs, { [hour(1)]: [issuance, ...calls(1)] });
    await run('trace', logs, '--state', state);
    writeFiles(logs, { [hour(1)]: [issuance, ...calls(1)] });
    expect(await run('trace', logs, '--state', state)).toMatchObject({ status: 0 });
  });

  test.each([
    ['changed', (file: string) => writeFileSync(file, '{"Records":[]}')],
    ['gone', (file: string) => rmSync(file)],
  ])('a named state is not begun anew for a file that is %s, unless it is said', async (_, change) => {
    const { logs, state, out } = place();
    writeFiles(logs, { 'a.json': [issuance, ...calls(1)], 'b.json': calls(2) });
    await run('trace', logs, '--state', state);
    change(join(logs, 'a.json'));
    const { status, err } = await run('trace', logs, '--state', state, '--out', out);
    expect([status, err]).toEqual([
      1,
      expect.stringContaining(`what ${join(logs, 'a.json')} said, which has changed, is gone`),
    ]);
    expect(await run('trace', logs, '--state', state, '--out', out, '--fresh')).toMatchObject({ status: 0 });
    expect(summaryIn(out)).toMatchObject({ records: 1 });
  });

  test('for other roles another state is asked for', async () => {
    const { logs, state } = place();
    writeFiles(logs, { 'a.json': [issuance, ...calls(1)] });
    await run('trace', logs, '--state', state);
    const { status, err } = await run('trace', logs, '--state', state, '--roles', 'DataAdmin');
    expect([status, err]).toEqual([1, expect.stringContaining('was made for other roles or accounts (*)')]);
  });
});

describe('what cannot be used', () => {
  test('is refused by the names that a replay has, and its neighbours are read: status 3', async () => {
    const { logs, state, out } = place();
    writeFiles(logs, {
      [hour(1)]: [issuance, ...calls(1)],
      'broken.json': '{"Records":[{"eventID":',
      'odd.json': [{ ...call, eventID: 'odd-1', eventTime: 'yesterday' }, 7],
      'again.json': [{ ...call, eventID: 'call-1', eventTime: second(9) }],
      'note.txt': 'hello',
    });
    writeFileSync(join(logs, 'cut.json.gz'), readFileSync(join(logs, hour(1))).subarray(0, 90));
    const { status, out: said } = await run('trace', logs, '--state', state, '--out', out);
    expect(status).toBe(3);
    for (const line of [
      /broken\.json: TruncatedJson: .*\(Decompress\)/,
      /cut\.json\.gz: TruncatedGzip: .*\(Decompress\)/,
      /odd\.json record 1: BadTime: .*\(Normalize\)/,
      /odd\.json record 2: NotAnObject: .*\(Normalize\)/,
      /again\.json: ContradictsEvidence: event call-1 differs from the evidence stored under its id \(Persist\)/,
      /not read: 1 file \(not JSON.*note\.txt/,
    ])
      expect(said).toMatch(line);
    expect(summaryIn(out)).toMatchObject({ quarantined: 5, rejected: 2, linkedCalls: 1 });
  });

  test.each([
    [
      'a text',
      (file: string) =>
        writeFileSync(file, 'a text that is longer than a database has for a head, by far'.repeat(3)),
    ],
    ["another program's database", (file: string) => otherDatabase(file)],
  ])('%s is no state, and stays as it is', async (_, make) => {
    const { logs, state } = place();
    writeFiles(logs, { 'a.json': calls(1) });
    make(state);
    const before = readFileSync(state);
    for (const more of [[], ['--fresh']]) {
      const { status, err } = await run('trace', logs, '--state', state, ...more);
      expect([status, err]).toEqual([1, expect.stringContaining('is not a state of roletrail trace')]);
    }
    expect(readFileSync(state)).toEqual(before);
    expect(await run('sessions', '--state', state)).toMatchObject({ status: 1 });
  });
});

function otherDatabase(file: string): void {
  const { DatabaseSync } = process.getBuiltinModule('node:sqlite');
  const other = new DatabaseSync(file);
  other.exec('CREATE TABLE theirs (a)');
  other.close();
}

describe('a state that another user could have filled', () => {
  const others: [string, (file: string) => void][] = [
    ['may be written by every user', file => chmodSync(file, 0o666)],
    // Only root can give a file away.
    ...(process.getuid?.() === 0
      ? [
          ['belongs to another user', (file: string) => chownSync(file, 65534, 65534)] satisfies [
            string,
            (file: string) => void,
          ],
        ]
      : []),
  ];

  test.each(others)('%s: it is neither asked nor written', async (why, change) => {
    const { logs, state } = place();
    writeFiles(logs, { 'a.json': [issuance, ...calls(1)] });
    await run('trace', logs, '--state', state);
    change(state);
    for (const words of [['sessions'], ['trace', logs], ['trace', logs, '--fresh']])
      expect(await run(...words, '--state', state)).toMatchObject({
        status: 1,
        err: expect.stringContaining(why),
      });
  });
});

describe('a state', () => {
  const { logs, state, out } = place();
  beforeAll(async () => {
    writeFiles(logs, { [hour(1)]: [issuance, ...calls(1, 2)], 'more/b.json': calls(3) });
    await run('trace', logs, '--state', state, '--out', out);
  });

  test('is one file, which its user alone may read', () => {
    expect(readdirSync(join(state, '..')).sort()).toEqual(['logs', 'report', 'state.sqlite']);
    expect(statSync(state).mode & 0o777).toBe(0o600);
  });

  test('answers who, sessions, refused, evidence and export as a replay does', async () => {
    const who = await run('who', 'call-2', '--state', state, '--full');
    expect(who).toMatchObject({ status: 0, err: '' });
    expect(who.out).toContain('a call of the session');
    expect(who.out).toContain('"eventID": "call-2"');
    const [session = ''] = /ASIA\S+\.[0-9a-f]{8}/.exec(who.out) ?? [];
    expect((await run('who', key, '--state', state)).out).toContain(session);
    expect((await run('sessions', '--state', state)).out).toContain(session);
    expect(await run('refused', '--state', state)).toMatchObject({ status: 0, out: 'no refused attempts\n' });
    const alerted = await run('sessions', '--alerted', '--state', state);
    expect(alerted).toMatchObject({ status: 2, err: expect.stringContaining('a trace raises no alerts') });
    const zip = join(out, 'case.zip');
    expect(await run('evidence', session, '--state', state, '--out', zip)).toMatchObject({ status: 0 });
    expect((await run('evidence', 'verify', zip)).out).toContain(
      'is whole, and its records lead to its answer',
    );
    const exported = await run('export', session, '--state', state);
    expect(exported.out.trim().split('\n')).toHaveLength(4);
  });

  test('says of what needs a state machine that it has none', async () => {
    const { status, err } = await run('executions', '--state', state);
    expect([status, err]).toEqual([
      1,
      expect.stringContaining('ran no state machine: roletrail replay PATH runs one'),
    ]);
  });

  test.each([
    ['gone', 'is not there any more', (file: string) => renameSync(file, `${file}.away`)],
    ['changed', 'has changed since it was traced', (file: string) => writeFiles(file, { '../b.json': [{}] })],
  ])('a log file that is %s is named, and the answer stands', async (_, why, change) => {
    const file = join(logs, 'more', 'b.json');
    const before = readFileSync(file);
    change(file);
    const who = await run('who', 'call-3', '--state', state, '--full');
    expect(who).toMatchObject({ status: 0, err: '' });
    expect(who.out).toContain('a call of the session');
    expect(who.out).toContain(`${file} ${why}`);
    const [session = ''] = /ASIA\S+\.[0-9a-f]{8}/.exec(who.out) ?? [];
    const about = await run('who', session, '--state', state);
    expect(about.out).toContain(`what some of its calls touched is not known: ${file} ${why}`);
    const resources = await run('resources', '--state', state);
    expect(resources.out + resources.err).toContain(
      `cannot be read as traced (${file} is gone or has changed)`,
    );
    const bundle = await run('evidence', session, '--state', state, '--out', join(out, 'lacking.zip'));
    expect([bundle.status, bundle.err]).toEqual([
      1,
      `roletrail: the bundle would lack 1 record (call-3): ${file} ${why}\n`,
    ]);
    expect(existsSync(join(out, 'lacking.zip'))).toBe(false);
    writeFileSync(file, before);
  });
});

test('of many refused attempts the earliest are shown, and all are counted', async () => {
  const { logs, state } = place();
  const refused = Array.from({ length: 450 }, (_, n) => ({
    ...issuance,
    eventID: `refused-${n}`,
    eventTime: new Date(Date.parse('2025-03-11T09:00:00Z') + n * 1000).toISOString().replace('.000', ''),
    errorCode: 'AccessDenied',
    responseElements: null,
  }));
  // Delivered in another order than they were made.
  writeFiles(logs, { [hour(1)]: refused.slice(200), [hour(2)]: refused.slice(0, 200) });
  const { status, out } = await run('trace', logs, '--state', state);
  expect(status).toBe(0);
  expect(out).toContain('450 attempts to assume an audited role refused:');
  const shown = out.match(/refused-\d+/g);
  expect(shown).toEqual(Array.from({ length: 20 }, (_, n) => `refused-${n}`));
  expect(out).toContain('and 430 more');
});
