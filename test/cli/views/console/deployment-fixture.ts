import type { Hono } from 'hono';
import type { Deployment } from '../../../../cli/deployment/deployment.ts';
import type { DescribedExecution, ExecutionEvent } from '../../../../cli/queries/execution-store.ts';
import { consoleApp } from '../../../../cli/views/console/app.ts';
import { cookieName } from '../../../../cli/views/console/guard.ts';
import type { Shown } from '../../../../cli/views/console/shown.ts';
import { type Held, memoryStore } from '../../queries/memory-store.ts';

export const token = 'the-token';
export const host = '127.0.0.1:4711';

/** What the console shows, over a store in memory. */
export type Holds = Partial<Held & Shown>;

export function shownOf({
  busy = null,
  host = null,
  sendAgain = async () => 0,
  audited = ['*'],
  traced = false,
  lack = null,
  ...holds
}: Holds): Shown {
  return { store: holds.store ?? memoryStore(holds), audited, busy, traced, lack, host, sendAgain };
}

/** The console over what is held. */
export const appOf = (holds: Holds) => consoleApp(shownOf(holds), token);

type Operations = Record<string, (input: Record<string, unknown>) => unknown>;

/** A deployment that holds this, and whose clients do as a test says; another request is refused by name. */
export function deploymentOf(
  held: Partial<Held>,
  { s3 = {}, sqs = {} }: { s3?: Operations; sqs?: Operations },
): Deployment {
  const outputs = {
    WorkBucketName: 'work',
    TrailQueueUrl: 'https://queue/trail',
    PartnerQueueUrl: 'https://queue/partner',
  };
  return { ...memoryStore(held), outputs, s3: clientOf(s3), sqs: clientOf(sqs) } as unknown as Deployment;
}

function clientOf(operations: Operations) {
  return {
    send: async (command: { constructor: { name: string }; input: Record<string, unknown> }) => {
      const operation = operations[command.constructor.name.replace(/Command$/, '')];
      if (!operation) throw new Error(`the test has no ${command.constructor.name}`);
      return operation(command.input);
    },
  };
}

/** A queue that keeps what is sent to it, and takes all of it. */
export const taken =
  (sent: unknown[]) =>
  (input: Record<string, unknown>): { Successful: object[] } => {
    sent.push(input);
    const entries = input.Entries as { Id: string }[];
    return { Successful: entries.map(({ Id }) => ({ Id, MessageId: `m-${Id}` })) };
  };

/** Asks as a browser that was let in does; `headers` replace its own. */
export function ask(app: Hono, path: string, headers: Record<string, string> = {}): Promise<Response> {
  const own = { host, cookie: `${cookieName(host)}=${token}` };
  return Promise.resolve(app.request(`http://${host}${path}`, { headers: { ...own, ...headers } }));
}

export async function page(holds: Holds, path: string): Promise<string> {
  return (await ask(appOf(holds), path)).text();
}

const at = (second: number) => new Date(Date.UTC(2025, 2, 11, 9, 0, second)).toISOString();

/** An execution as lists and pages have it. */
export const execution = (more: Partial<DescribedExecution> = {}): DescribedExecution => ({
  name: 'one',
  status: 'FAILED',
  started: at(0),
  ended: at(4),
  arn: 'arn:one',
  input: null,
  output: null,
  error: 'Broken',
  cause: 'why',
  ...more,
});

const event = (
  id: number,
  second: number,
  type: string,
  more: Partial<ExecutionEvent> = {},
): ExecutionEvent => ({
  ...{ id, type, at: at(second), state: null, input: null, output: null, error: null, cause: null },
  ...more,
});

/** Fetch succeeds at its second try, Filter fails for good and is caught, Failed ends the execution. */
export const caughtFailure: ExecutionEvent[] = [
  event(1, 0, 'ExecutionStarted'),
  event(2, 0, 'TaskStateEntered', {
    state: 'Fetch',
    input: '{"entry":"objects","sources":[{"bucket":"b","key":"AWSLogs/x/one.json.gz"}]}',
  }),
  event(3, 0, 'TaskScheduled'),
  event(4, 1, 'TaskFailed', { error: 'TransientError', cause: 'slow' }),
  event(5, 2, 'TaskScheduled'),
  event(6, 3, 'TaskSucceeded'),
  event(7, 3, 'TaskStateExited', { state: 'Fetch', output: '{"counts":{"records":3}}' }),
  event(8, 3, 'TaskStateEntered', { state: 'Filter', input: '{"counts":{"records":3}}' }),
  event(9, 3, 'TaskScheduled'),
  event(10, 4, 'TaskFailed', { error: 'Broken', cause: '{"errorMessage":"<b>bold\\u202e"}' }),
  event(11, 4, 'TaskStateExited', {
    state: 'Filter',
    output: '{"counts":{"records":3},"quarantine":{"key":"quarantine/2025-03-11/one-batch.ndjson"}}',
  }),
  event(12, 4, 'FailStateEntered', { state: 'Failed', input: '{}' }),
  event(13, 4, 'ExecutionFailed', { error: 'Broken' }),
];

export const definition = JSON.stringify({
  StartAt: 'Fetch',
  States: {
    Fetch: { Type: 'Task', Next: 'Filter', Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Failed' }] },
    Filter: { Type: 'Task', Next: 'Done', Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Failed' }] },
    Failed: { Type: 'Fail' },
    Done: { Type: 'Succeed' },
  },
});
