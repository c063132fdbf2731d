import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type AttributeValue,
  DeleteItemCommand,
  DynamoDBClient,
  PutItemCommand,
  ScanCommand,
} from '@aws-sdk/client-dynamodb';
import { type Cloud, startCloud } from '@roletrail/local';
import { awsDeployment, type Deployment } from '../../cli/deployment/deployment.ts';
import { readOutputsFile } from '../../cli/deployment/outputs.ts';
import { noNames } from '../../cli/people/people.ts';
import { functionCache } from '../../cli/project.ts';
import { eventPage } from '../../cli/views/console/pages/event.ts';
import { searchFor } from '../../cli/views/console/pages/search.ts';
import { sessionPage } from '../../cli/views/console/pages/session.ts';
import { sessionsPage } from '../../cli/views/console/pages/sessions.ts';
import { inProcess, pointAwsAt } from './in-process.ts';
import { project, temporaryFolder } from './roletrail.ts';

type Item = Record<string, AttributeValue>;

const folder = temporaryFolder();
const key = 'ASIAEXAMPLEDBMAINT01';
const issuance = '119c3c80-3dc9-46f3-8e87-348b9ee700a2';
const unexplained = 'ASIAEXAMPLENOISSUER1';
/** What the sample's incident of 2025 is older than. */
const retentionDays = 90;

let cloud: Cloud;
let db: DynamoDBClient;
let deployed: Deployment;

/** A command on a stack that was deployed with `retentionDays`. */
const ask = (...words: string[]) =>
  inProcess([...words, '--target', 'aws', '--outputs', join(folder, 'outputs.json')]);

let putBack: (() => void) | undefined;

beforeAll(async () => {
  const state = join(folder, 'state');
  const incident = join(project, 'samples', 'incident', 'input');
  expect(await inProcess(['replay', incident, '--state', state])).toMatchObject({ status: 0 });
  cloud = await startCloud({ compiled: functionCache, assembly: join(state, 'cdk.out'), state });
  const { region, endpoint, credentials } = cloud;
  db = new DynamoDBClient({ region, endpoint, credentials });
  const outputs = JSON.parse(JSON.stringify(cloud.outputs)) as Record<string, Record<string, string>>;
  for (const stack of Object.values(outputs))
    if (stack.RetentionDays) stack.RetentionDays = String(retentionDays);
  writeFileSync(join(folder, 'outputs.json'), JSON.stringify(outputs));
  putBack = pointAwsAt(cloud);
  deployed = awsDeployment(readOutputsFile(join(folder, 'outputs.json')));
});
afterAll(() => {
  putBack?.();
  return cloud.close();
});

const tables = {
  evidence: { name: () => deployed.outputs.EvidenceTableName, keys: ['eventID', 'copy'] },
  sessions: { name: () => deployed.outputs.SessionsTableName, keys: ['credential', 'item'] },
  ledger: { name: () => deployed.outputs.LedgerTableName, keys: ['place', 'file'] },
};

/** Deletes items as DynamoDB does at their end. Answers how to put them back. */
async function end(table: keyof typeof tables, which: (item: Item) => boolean = () => true) {
  const { name, keys } = tables[table];
  const ended: Item[] = [];
  for (let from: Item | undefined; ; ) {
    const page = await db.send(new ScanCommand({ TableName: name(), ExclusiveStartKey: from }));
    ended.push(...(page.Items ?? []).filter(which));
    from = page.LastEvaluatedKey;
    if (!from) break;
  }
  expect(ended.length).toBeGreaterThan(0);
  for (const item of ended) {
    const Key = Object.fromEntries(keys.map(part => [part, item[part] as AttributeValue]));
    await db.send(new DeleteItemCommand({ TableName: name(), Key }));
  }
  return async () => {
    for (const Item of ended) await db.send(new PutItemCommand({ TableName: name(), Item }));
  };
}

const page = async (html: Promise<unknown>) => String(await html);

describe('evidence has ended, and the answers stand', () => {
  let restore: () => Promise<void>;
  beforeAll(async () => {
    restore = await end('evidence');
  });
  afterAll(() => restore());

  test('who shows the answer, each record that is gone, and that calls are', async () => {
    const { status, out } = await ask('who', key);
    expect(status).toBe(0);
    expect(out).toContain('mreyes (user, account 111111111111) → CrossAccountTest → DataAdmin');
    expect(out).toContain(`proof ${issuance} (no longer kept, retentionDays: 90)`);
    expect(out).toContain('its calls are no longer kept (retentionDays: 90)');
    const { proofs, lack } = JSON.parse((await ask('who', key, '--json')).out);
    expect(proofs[issuance]).toEqual({
      verdict: 'no longer kept',
      reason: 'retentionDays: 90',
      digest: null,
    });
    expect(lack).toMatch(/no longer kept/);
  });

  test('an event that is gone is not said to be nothing', async () => {
    const { status, err } = await ask('who', issuance);
    expect(status).toBe(1);
    expect(err).toMatch(
      /records and answers from before \d{4}-\d\d-\d\d may no longer be kept \(retentionDays: 90\)/,
    );
  });

  test('a session that nothing explains stays unlinked', async () => {
    const { out } = await ask('who', unexplained);
    expect(out).toMatch(/status +unlinked/);
    expect((await ask('sessions', '--alerted')).out).toContain(unexplained);
  });

  test('no bundle is made without its proofs', async () => {
    const zip = join(folder, 'gone.zip');
    const { status, err } = await ask('evidence', key, '--out', zip);
    expect([status, existsSync(zip)]).toEqual([1, false]);
    expect(err).toMatch(/the record \S+, which the answer to ASIAEXAMPLEDBMAINT01 cites, is no longer kept/);
  });

  test('an export goes on, and says what it lacks', async () => {
    const file = join(folder, 'gone.ndjson');
    const { status, err } = await ask('export', '--since', '2025-03-11', '--out', file);
    expect([status, readFileSync(file, 'utf8')]).toEqual([3, '']);
    expect(err).toMatch(/not exported: \d+ records that answers cite are not there/);
    expect(err).toMatch(/not exported: records and answers from before/);
  });

  test('the console says the same', async () => {
    const session = await page(sessionPage(deployed, { id: key }, noNames));
    expect(session).toContain('Its calls are no longer kept (retentionDays: 90).');
    expect(session).toContain('class="verdict no-longer-kept"');
    await expect(eventPage(deployed, { id: issuance }, noNames)).rejects.toThrow(
      'may no longer be kept (retentionDays: 90)',
    );
    const found = await searchFor(deployed, issuance, noNames);
    expect('page' in found && String(found.page)).toContain('may no longer be kept (retentionDays: 90)');
  });
});

test('some calls have ended: the others are shown, and a bundle says that it may lack some', async () => {
  const restore = await end('evidence', item => (item.at?.S ?? '').startsWith('2025-03-11T09:22'));
  const { status, out } = await ask('who', key);
  expect(status).toBe(0);
  expect(out).toContain('latest calls');
  const lack = /calls from before \d{4}-\d\d-\d\d may no longer be kept \(retentionDays: 90\)/;
  expect(out).toMatch(lack);
  const bundle = await ask('evidence', key, '--out', join(folder, 'partly.zip'));
  expect(bundle.status).toBe(0);
  expect(bundle.err).toMatch(lack);
  await restore();
});

test('the ledger has ended: a session that nothing explains is no gap in the logs', async () => {
  const restore = await end('ledger');
  const { out } = await ask('who', unexplained);
  expect(out).toMatch(/status +unlinked/);
  expect(out).toContain(
    'the list of log files that would show whether they covered its issuance has expired (retentionDays: 90)',
  );
  await restore();
});

test('a list from a time on says from when it is whole', async () => {
  for (const command of ['sessions', 'refused'])
    expect((await ask(command, '--since', '2025-03-11')).out).toContain('may no longer be kept');
  expect((await ask('sessions')).out).not.toContain('kept');
});

describe('answers have ended, and evidence stands', () => {
  let restore: () => Promise<void>;
  beforeAll(async () => {
    restore = await end('sessions');
  });
  afterAll(() => restore());

  test('who shows the calls, and that the answer is gone', async () => {
    const { status, out } = await ask('who', key);
    expect(status).toBe(0);
    expect(out).toContain('latest calls');
    expect(out).toContain('the answer that names who is behind it is no longer kept (retentionDays: 90)');
    const event = await ask('who', issuance);
    expect(event.out).toContain('an answer that depends on it is no longer kept, if there was one');
    expect(event.out).not.toContain('no session of an audited role depends on it');
  });

  test('lists, bundles and exports that are empty say why they may be', async () => {
    const note = 'may no longer be kept (retentionDays: 90)';
    for (const words of [['sessions'], ['sessions', '--alerted'], ['refused']])
      expect((await ask(...words)).out).toContain(note);
    for (const words of [
      ['evidence', key, '--out', join(folder, 'none.zip')],
      ['export', key],
    ])
      expect((await ask(...words)).err).toContain(note);
    expect((await ask('who', 'arn:aws:iam::111111111111:user/mreyes')).err).toContain(note);
  });

  test('the console says the same', async () => {
    expect(await page(sessionPage(deployed, { id: key }, noNames))).toContain(
      'The answer that names who is behind it is no longer kept (retentionDays: 90).',
    );
    expect(await page(eventPage(deployed, { id: issuance }, noNames))).toContain('is no longer kept');
    expect(await page(sessionsPage({ store: deployed, audited: ['*'] }, {}, noNames))).toContain(
      'may no longer be kept',
    );
  });
});

test('where everything is kept, nothing is said to have ended', async () => {
  const { out } = await inProcess(['who', key, '--target', 'aws', '--outputs', keptForEver()]);
  expect(out).toContain('latest calls');
  expect(out).not.toContain('kept');
  const none = await inProcess(['who', 'nobody', '--target', 'aws', '--outputs', keptForEver()]);
  expect(none.err).not.toContain('kept (');
});

function keptForEver(): string {
  const file = join(folder, 'for-ever.json');
  writeFileSync(file, JSON.stringify(cloud.outputs));
  return file;
}
