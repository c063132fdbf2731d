import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { composeCloud, openStores } from '@roletrail/local/compose';
import { localDeployment } from '../cli/deployment/deployment.ts';
import { activeSessions } from '../cli/queries/active-sessions.ts';
import { activityOf } from '../cli/queries/activity.ts';
import { lookUp } from '../cli/queries/lookup.ts';
import { activityOfPerson, activityOfResource, activityOfRole } from '../cli/queries/one-activity.ts';
import { pageOf } from '../cli/queries/page.ts';
import { addressesIn, peopleIn, resourcesIn, rolesIn } from '../cli/queries/summaries.ts';
import { callsWanted } from '../cli/queries/wanted-calls.ts';
import type { Party } from '../core/linking/chain.ts';
import type { ListedRecord } from '../core/linking/listed.ts';
import type { SessionAnswer } from '../core/linking/session-answer.ts';
import { isoSeconds } from '../core/records/times.ts';
import { synthesize } from '../infra/synth.ts';
import { LookupWriter } from '../steps/store/lookup-writer.ts';
import { SessionsTable } from '../steps/store/sessions-table.ts';
import { auditedRoleArn } from './generator/accounts.ts';
import { type Figure, figureLine } from './goals.ts';

/** node bench/questions.ts: how long each question takes over 100,000 calls of 5,000 sessions, in the embedded cloud. */
const sizes = { sessions: 5_000, calls: 100_000, people: 200, roles: 20, files: 2_000 };
const most = { seconds: 1 };
const rounds = 5;

const folder = mkdtempSync(join(tmpdir(), 'roletrail-questions-'));
const config = {
  production: { account: '999999999999', region: 'us-east-1' },
  auditedRoles: [auditedRoleArn],
  partners: [],
  trailBucket: { name: 'cloudtrailbucket-999999999999', create: true },
  batch: { size: 100, windowSeconds: 1 },
};
try {
  const { assembly } = synthesize(config, join(folder, 'cdk.out'), { checks: false });
  const cloud = await composeCloud({ assembly, state: join(folder, 'state') }, openStores);
  try {
    const store = localDeployment(cloud);
    const { endpoint, region, credentials } = cloud;
    const client = new DynamoDBClient({ endpoint, region, credentials });
    await fill(client, store.outputs);
    const questions: Record<string, () => Promise<unknown>> = {
      'sessions, the newest 50': () => pageOf(activeSessions({ sort: 'newest' }, store).answers, 50),
      'sessions that called within an hour': () =>
        pageOf(activeSessions({ since: time(0.5), until: time(0.54) }, store).answers, 5_000),
      'calls, the newest 100': () => pageOf(callsWanted({}, store), 100),
      'calls, refused, changes only, by service': () =>
        pageOf(callsWanted({ service: 's3', error: true, write: true }, store), 100),
      'calls of a person': () => pageOf(callsWanted({ person: 'user-7' }, store), 100),
      'people, roles, addresses, resources': async () => {
        const activity = await activityOf(store);
        return [peopleIn(activity), rolesIn(activity), addressesIn(activity), resourcesIn(activity)];
      },
      'one person': () => activityOfPerson('user-7', store, {}),
      'one role': () => activityOfRole('Role-7', store, {}),
      'one resource': () => activityOfResource('bucket-7', store, {}),
      'who, an address': () => lookUp('198.51.100.7', store),
      'who, the beginning of an eventID': () => lookUp('00000abc', store),
      'who, the beginning of a key': () => lookUp('asia00000000000012', store),
      'who, an account': () => lookUp('111111111111', store),
      'who, nothing': () => lookUp('nobody-of-this-name', store),
    };
    for (const [name, ask] of Object.entries(questions)) {
      const seconds: number[] = [];
      for (let round = 0; round < rounds; round += 1) {
        const began = performance.now();
        await ask();
        seconds.push((performance.now() - began) / 1000);
      }
      const figure: Figure = {
        name,
        value: seconds.sort((a, b) => a - b)[Math.floor(rounds / 2)] ?? 0,
        unit: 's',
        goal: { atMost: most.seconds },
      };
      process.stdout.write(`${figureLine(figure)}\n`);
    }
  } finally {
    await cloud.close();
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** A share of three days. */
function time(share: number): string {
  return isoSeconds(Date.parse('2025-03-10T00:00:00Z') + share * 3 * 86_400_000);
}

async function fill(
  client: DynamoDBClient,
  {
    LookupsTableName,
    SessionsTableName,
  }: Record<string, string> & { LookupsTableName: string; SessionsTableName: string },
): Promise<void> {
  const sessions = new SessionsTable(client, SessionsTableName);
  const answers = Array.from({ length: sizes.sessions }, (_, n) => answer(n));
  const none = { answers: [], basis: [] };
  for (let at = 0; at < answers.length; at += 200)
    await Promise.all(
      answers
        .slice(at, at + 200)
        .map(each => sessions.replace(each.credential, none, { answers: [each], basis: ['one'] })),
    );
  const writer = new LookupWriter(client, LookupsTableName);
  const perFile = sizes.calls / sizes.files;
  for (let file = 0; file < sizes.files; file += 1) {
    for (let n = 0; n < perFile; n += 1) writer.add(call(file, n, perFile), `s3://trail/${file}`);
    if (file % 100 === 99) await writer.settle();
  }
  await writer.finish();
}

function answer(n: number): SessionAnswer {
  const credential = `ASIA${String(n).padStart(16, '0')}`;
  const role = `Role-${n % sizes.roles}`;
  const user = `user-${n % sizes.people}`;
  const began = time(n / sizes.sessions);
  const origin: Party = {
    type: 'IAMUser',
    arn: `arn:aws:iam::111111111111:user/${user}`,
    principalId: `AIDA${String(n % sizes.people).padStart(12, '0')}`,
    accountId: '111111111111',
    userName: user,
    ...{ invokedBy: null, identityProvider: null, onBehalfOf: null, workload: null },
  };
  const roleArn = `arn:aws:iam::999999999999:role/${role}`;
  const eventIDs = [`issue-${n}`];
  return {
    ...{
      session: `${credential}.00000000`,
      credential,
      accessKeyId: credential,
      status: 'linked',
      reason: null,
    },
    ...{
      arn: `arn:aws:sts::999999999999:assumed-role/${role}/${user}`,
      principalId: `AROA${n % sizes.roles}:${user}`,
    },
    ...{
      roleArn,
      sessionName: user,
      sourceIdentity: null,
      issuedAt: began,
      expiresAt: time(n / sizes.sessions + 1),
    },
    issuerEventIDs: eventIDs,
    chain: [
      {
        ...{
          eventIDs,
          eventName: 'AssumeRole',
          eventTime: began,
          roleArn,
          sourceIdentity: null,
          caller: origin,
        },
        ...{ joinedBy: 'exact-key', mechanism: 'assume-role' },
      },
    ],
    ...{
      origin,
      mechanism: 'assume-role',
      kind: 'user',
      named: user,
      masked: false,
      flags: [],
      uses: [`use-${n}`],
    },
    ...{ used: true, began, creationKnown: true },
  };
}

function call(file: number, n: number, perFile: number): ListedRecord {
  const index = file * perFile + n;
  const session = Math.floor((index / sizes.calls) * sizes.sessions);
  const name = `bucket-${index % 500}`;
  return {
    eventID: `${index.toString(16).padStart(8, '0')}-0000-4000-8000-000000000000`,
    ...{ recipientAccountId: '999999999999', provenance: 'trail', eventTime: time(index / sizes.calls) },
    ...{ eventName: index % 3 ? 'ListObjects' : 'PutBucketPolicy', eventSource: 's3.amazonaws.com' },
    ...{ awsRegion: 'us-east-1', errorCode: index % 10 ? null : 'AccessDenied' },
    ...{ sourceIPAddress: `198.51.100.${session % 250}`, agent: 'aws-cli/2.24.19', use: `use-${session}` },
    ...{ request: null, amends: null, credential: `ASIA${String(session).padStart(16, '0')}` },
    keyless: false,
    touched: {
      access: index % 3 ? 'read' : 'write',
      resources: [
        { id: `arn:aws:s3:::${name}`, type: 'AWS::S3::Bucket', name, account: null, from: 'request' },
      ],
      more: 0,
    },
  };
}
