import type { ExecutionEvent } from './execution-store.ts';

/** One try at a state's task. */
export interface Attempt {
  started: string | null;
  ended: string | null;
  outcome: 'running' | 'succeeded' | 'failed' | 'timed out' | 'aborted';
  error: string | null;
  cause: string | null;
}

/** One pass through a state. Times ISO 8601. */
export interface StateVisit {
  name: string;
  type: string;
  entered: string | null;
  exited: string | null;
  input: unknown;
  output: unknown;
  attempts: Attempt[];
}

const outcomes: Record<string, Attempt['outcome']> = {
  Succeeded: 'succeeded',
  Failed: 'failed',
  TimedOut: 'timed out',
  ScheduleFailed: 'failed',
  StartFailed: 'failed',
  SubmitFailed: 'failed',
  SubmitTimedOut: 'timed out',
};

/** The states of an execution in the order they were passed, from its history. */
export function visitsOf(events: readonly ExecutionEvent[]): StateVisit[] {
  const visits: StateVisit[] = [];
  for (const event of events) {
    const { type, at, state, input, output } = event;
    const entered = /^(\w+)StateEntered$/.exec(type);
    if (entered) {
      const visit = { name: state ?? '?', type: entered[1] ?? '', entered: at, exited: null };
      visits.push({ ...visit, input: parsed(input), output: null, attempts: [] });
      continue;
    }
    const visit = visits.at(-1);
    if (!visit) continue;
    if (type.endsWith('StateExited')) {
      visit.exited = at;
      visit.output = parsed(output);
    } else takeAttempt(visit, event);
  }
  return visits;
}

function takeAttempt(visit: StateVisit, { type, at, error, cause }: ExecutionEvent): void {
  const [, what] = /^(?:Task|LambdaFunction|Activity)(\w+)$/.exec(type) ?? [];
  if (what === 'Scheduled') {
    visit.attempts.push({ started: at, ended: null, outcome: 'running', error: null, cause: null });
  }
  const outcome = what ? outcomes[what] : undefined;
  const attempt = visit.attempts.at(-1);
  if (outcome && attempt) Object.assign(attempt, { ended: at, outcome, error, cause });
}

function parsed(json: string | null): unknown {
  return json === null ? null : JSON.parse(json);
}
