import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { askForRest } from '../../cli/commands/init-questions.ts';
import { draft } from '../../cli/deployment/draft.ts';
import { execute } from '../../cli/execute.ts';
import { readConfig } from '../../infra/config.ts';

const folder = mkdtempSync(join(tmpdir(), 'roletrail-init-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs `roletrail init` without a terminal. */
async function init(...words: string[]) {
  const said = { out: '', err: '' };
  const stream = (name: 'out' | 'err') => ({
    write(text: string) {
      said[name] += text;
      return true;
    },
  });
  const status = await execute(
    ['init', ...words],
    stream('out'),
    stream('err'),
    new AbortController().signal,
  );
  return { status, ...said };
}

const enough = [
  '--account',
  '999999999999',
  '--region',
  'us-east-1',
  '--role',
  'Deploy',
  '--bucket',
  'my-trail',
];

test('without a terminal it takes all from options, and writes what cdk synth takes', async () => {
  const file = join(folder, 'whole.json');
  const { status, out } = await init(
    file,
    ...enough,
    ...['--partner', '111111111111=us-east-1,eu-west-1', '--external-id', '111111111111=3414'],
    ...['--partner', '222222222222=us-east-1', '--name', 'eu', '--batch', '100/60', '--create-bucket'],
  );
  expect([status, out]).toEqual([0, expect.stringContaining(`wrote ${file}\n`)]);
  const { $schema = '', ...config } = readConfig(file);
  expect(config).toEqual({
    name: 'eu',
    production: { account: '999999999999', region: 'us-east-1' },
    auditedRoles: ['Deploy'],
    partners: [
      { account: '111111111111', regions: ['us-east-1', 'eu-west-1'], externalIds: ['3414'] },
      { account: '222222222222', regions: ['us-east-1'] },
    ],
    trailBucket: { name: 'my-trail', create: true },
    batch: { size: 100, windowSeconds: 60 },
  });
  expect(existsSync(resolve(dirname(file), $schema))).toBe(true);
});

test('a quiet account is what it takes where nothing is said', async () => {
  const file = join(folder, 'quiet.json');
  await init(file, ...enough);
  expect(readConfig(file).batch).toEqual({ size: 10, windowSeconds: 20 });
});

test('a file that is there stays as it is', async () => {
  const file = join(folder, 'mine.json');
  writeFileSync(file, 'mine');
  const { status, err } = await init(file, ...enough);
  expect([status, err]).toEqual([
    2,
    `roletrail: ${file} exists and is not overwritten: name another file, or move it away\n`,
  ]);
  expect(readFileSync(file, 'utf8')).toBe('mine');
});

test.each([
  [[], 'no terminal to ask on: give --account, --region, --role, --bucket'],
  [[...enough, '--region', 'us-est-1'], 'production.region'],
  [[...enough, '--partner', '111111111111'], "--partner '111111111111' is not ACCOUNT=REGION,REGION"],
  [
    [...enough, '--external-id', '111111111111=1'],
    '--external-id 111111111111=1 names an account that no --partner names',
  ],
  [[...enough, '--batch', 'many'], 'batch.size'],
])('%j is refused, and nothing written', async (words, sentence) => {
  const file = join(folder, 'none.json');
  const { status, err } = await init(file, ...words);
  expect(status).toBe(2);
  expect(err).toContain(sentence);
  expect(existsSync(file)).toBe(false);
});

test('what is asked for is asked for again when it is wrong', async () => {
  const answers = [
    '99',
    '999999999999',
    'us-east-1',
    '111111111111=us-east-1',
    '',
    'Deploy',
    'My_Bucket',
    'my-trail',
    'yes',
    '',
  ];
  const questions: string[] = [];
  const told: string[] = [];
  const said = await askForRest(
    { role: [], partner: [], externalId: [], trailAccount: [] },
    async question => {
      questions.push(question);
      return answers.shift() ?? '';
    },
    sentence => told.push(sentence),
  );
  expect(told).toEqual([
    "production.account: '99' is not a 12-digit account id",
    expect.stringMatching(/^trailBucket\.name: 'My_Bucket' is not a bucket name/),
  ]);
  expect(answers).toEqual([]);
  expect(questions).toHaveLength(10);
  expect(draft(said, 'x')).toMatchObject({
    production: { account: '999999999999', region: 'us-east-1' },
    partners: [{ account: '111111111111', regions: ['us-east-1'] }],
    auditedRoles: ['Deploy'],
    trailBucket: { name: 'my-trail' },
  });
});

test('nothing that an option said is asked for', async () => {
  const said = {
    role: ['A'],
    partner: ['111111111111=us-east-1'],
    externalId: ['111111111111=34'],
    trailAccount: [],
  };
  const all = {
    ...said,
    account: '999999999999',
    region: 'us-east-1',
    bucket: 'b-1',
    createBucket: false,
    alarmEmail: 'a@example.com',
  };
  await askForRest(
    all,
    async question => {
      throw new Error(question);
    },
    () => {},
  );
});
