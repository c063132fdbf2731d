import type { HistoryEvent } from '@aws-sdk/client-sfn';
import type { Hono } from 'hono';
import type { Deployment } from '../../../../cli/deployment/deployment.ts';
import { consoleApp } from '../../../../cli/views/console/app.ts';
import { cookieName } from '../../../../cli/views/console/guard.ts';
import type { DigestRecord, FileVerdict } from '../../../../core/digests/records.ts';
import { comparable, namesOf, roleNamesOf } from '../../../../core/linking/names.ts';
import { attemptName, type RefusedAttempt } from '../../../../core/linking/refused.ts';
import type { SessionAnswer } from '../../../../core/linking/session-answer.ts';
import type { OutstandingAlert } from '../../../../steps/store/alerts-table.ts';
import { type CallEntry, type Evidence, placeInTime } from '../../../../steps/store/evidence-item.ts';
import type { TimeSpan } from '../../../../steps/store/refused-table.ts';

export const token = 'the-token';
export const host = '127.0.0.1:4711';
export const machineArn = 'arn:aws:states:us-east-1:999999999999:stateMachine:audit';

interface Holds {
  sfn?: Record<string, (input: Record<string, unknown>) => unknown>;
  answers?: SessionAnswer[];
  calls?: CallEntry[];
  evidence?: Evidence[];
  alerts?: OutstandingAlert[];
  refused?: RefusedAttempt[];
  busy?: boolean;
  host?: number;
  /** by region */
  digests?: Record<string, DigestRecord[]>;
  /** verdicts on every file */
  verdicts?: FileVerdict[];
  /** the newest hour that something was delivered in, `2025031109`, by account */
  lastHours?: Record<string, string>;
  s3?: Record<string, (input: Record<string, unknown>) => unknown>;
  sqs?: Record<string, (input: Record<string, unknown>) => unknown>;
}

/** A deployment that answers as the SDK's clients and the tables do; what a test does not give is refused by name. */
export function deploymentOf(holds: Holds): Deployment {
  const { answers = [], calls = [], evidence = [], verdicts = [], alerts = [], refused = [] } = holds;
  return {
    region: 'us-east-1',
    graceMinutes: 60,
    busy: () => holds.busy ?? false,
    host: holds.host ?? null,
    outputs: {
      StateMachineArn: machineArn,
      WorkBucketName: 'work',
      TrailBucketName: 'trail',
      TrailQueueUrl: 'https://queue/trail',
      PartnerQueueUrl: 'https://queue/partner',
    },
    sfn: clientOf(holds.sfn),
    s3: clientOf(holds.s3),
    sqs: clientOf(holds.sqs),
    evidence: {
      event: async (id: string) => evidence.filter(each => each.eventID === id),
      sessionOfKey: async () => null,
      ofRequest: async () => [],
      async *calls(_: string, { from = '' }: { from?: string } = {}) {
        yield* calls.filter(call => placeInTime(call) >= from);
      },
    },
    sessions: {
      read: async (credential: string) => ({
        answers: answers.filter(answer => answer.credential === credential),
      }),
      async *byRole(role: string) {
        yield* answers.filter(answer => answer.roleArn === role);
      },
      async *since() {
        yield* answers;
      },
      newestOf: async (role: string) => ({
        answers: answers.filter(answer => answer.roleArn === role),
        others: 0,
        more: false,
      }),
      async *open(status: string) {
        yield* answers.filter(answer => answer.status === status);
      },
    },
    names: {
      find: async (name: string) => ({
        roles: rolesIn(answers, name),
        sessions: answers.flatMap(answer => {
          const kind = namesOf(answer).get(comparable(name));
          return kind ? [{ ...answer, kind }] : [];
        }),
        more: false,
      }),
      roles: async (name: string) => rolesIn(answers, name),
      answersOf: async (found: { session: string }[]) =>
        found.map(({ session }) => answers.find(answer => answer.session === session) ?? null),
      async *behind(name: string) {
        yield* answers.filter(answer => namesOf(answer).get(comparable(name)) === 'who');
      },
    },
    alerts: {
      of: async ({ session }: { session: string }) => alerts.find(each => each.session === session) ?? null,
      async *newestFirst({ until = '~' }: TimeSpan = {}) {
        yield* alerts.filter(({ at }) => at <= until);
      },
    },
    refused: {
      async *newestFirst({ until = '~' }: TimeSpan = {}) {
        yield* refused.filter(each => attemptName(each) <= until);
      },
    },
    ledger: {
      lastHour: async (account: string) => holds.lastHours?.[account] ?? null,
      async *files() {},
      coverage: async () => [],
      first: async () => null,
      async *ofFile() {},
    },
    integrity: {
      file: async () => verdicts,
      digests: async (_account: string, region: string) => holds.digests?.[region] ?? [],
    },
  } as unknown as Deployment;
}

function rolesIn(answers: readonly SessionAnswer[], name: string): string[] {
  const all = answers.flatMap(roleNamesOf).filter(each => each.name === comparable(name));
  return [...new Set(all.map(({ arn }) => arn))];
}

function clientOf(operations: Holds['sfn'] = {}) {
  return {
    send: async (command: { constructor: { name: string }; input: Record<string, unknown> }) => {
      const operation = operations[command.constructor.name.replace(/Command$/, '')];
      if (!operation) throw new Error(`the test has no ${command.constructor.name}`);
      return operation(command.input);
    },
  };
}

/** Asks as a browser that was let in does; `headers` replace its own. */
export function ask(app: Hono, path: string, headers: Record<string, string> = {}): Promise<Response> {
  const own = { host, cookie: `${cookieName(host)}=${token}` };
  return Promise.resolve(app.request(`http://${host}${path}`, { headers: { ...own, ...headers } }));
}

export async function page(holds: Holds, path: string): Promise<string> {
  return (await ask(consoleApp(deploymentOf(holds), token), path)).text();
}

export const at = (second: number) => new Date(Date.UTC(2025, 2, 11, 9, 0, second));

/** Fetch succeeds at its second try, Filter fails for good and is caught, Failed ends the execution. */
export const caughtFailure: HistoryEvent[] = [
  { id: 1, timestamp: at(0), type: 'ExecutionStarted' },
  entered(
    2,
    0,
    'Task',
    'Fetch',
    '{"entry":"objects","sources":[{"bucket":"b","key":"AWSLogs/x/one.json.gz"}]}',
  ),
  { id: 3, timestamp: at(0), type: 'TaskScheduled' },
  failed(4, 1, 'TransientError', 'slow'),
  { id: 5, timestamp: at(2), type: 'TaskScheduled' },
  { id: 6, timestamp: at(3), type: 'TaskSucceeded' },
  exited(7, 3, 'Task', 'Fetch', '{"counts":{"records":3}}'),
  entered(8, 3, 'Task', 'Filter', '{"counts":{"records":3}}'),
  { id: 9, timestamp: at(3), type: 'TaskScheduled' },
  failed(10, 4, 'Broken', '{"errorMessage":"<b>bold\\u202e"}'),
  exited(
    11,
    4,
    'Task',
    'Filter',
    '{"counts":{"records":3},"quarantine":{"key":"quarantine/2025-03-11/one-batch.ndjson"}}',
  ),
  entered(12, 4, 'Fail', 'Failed', '{}'),
  { id: 13, timestamp: at(4), type: 'ExecutionFailed', executionFailedEventDetails: { error: 'Broken' } },
];

function entered(id: number, second: number, type: string, name: string, input: string): HistoryEvent {
  return {
    id,
    timestamp: at(second),
    type: `${type}StateEntered` as 'TaskStateEntered',
    stateEnteredEventDetails: { name, input },
  };
}

function exited(id: number, second: number, type: string, name: string, output: string): HistoryEvent {
  return {
    id,
    timestamp: at(second),
    type: `${type}StateExited` as 'TaskStateExited',
    stateExitedEventDetails: { name, output },
  };
}

function failed(id: number, second: number, error: string, cause: string): HistoryEvent {
  const details = { resourceType: 'lambda', resource: 'invoke', error, cause };
  return { id, timestamp: at(second), type: 'TaskFailed', taskFailedEventDetails: details };
}

export const definition = JSON.stringify({
  StartAt: 'Fetch',
  States: {
    Fetch: { Type: 'Task', Next: 'Filter', Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Failed' }] },
    Filter: { Type: 'Task', Next: 'Done', Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Failed' }] },
    Failed: { Type: 'Fail' },
    Done: { Type: 'Succeed' },
  },
});
