import type { HistoryEvent } from '@aws-sdk/client-sfn';

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

/** Details that say why an attempt or an execution ended: every kind of failure event has both under its own name. */
interface FailureDetails {
  error?: string;
  cause?: string;
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

/** The states of an execution in the order they were passed, from its history (GetExecutionHistory, HistoryEvent). */
export function visitsOf(events: readonly HistoryEvent[]): StateVisit[] {
  const visits: StateVisit[] = [];
  for (const event of events) {
    const type = event.type ?? '';
    const time = event.timestamp?.toISOString() ?? null;
    const entered = /^(\w+)StateEntered$/.exec(type);
    if (entered) {
      const { name = '?', input } = event.stateEnteredEventDetails ?? {};
      const visit = { name, type: entered[1] ?? '', entered: time, exited: null };
      visits.push({ ...visit, input: parsed(input), output: null, attempts: [] });
      continue;
    }
    const visit = visits.at(-1);
    if (!visit) continue;
    if (type.endsWith('StateExited')) {
      visit.exited = time;
      visit.output = parsed(event.stateExitedEventDetails?.output);
    } else takeAttempt(visit, event, type, time);
  }
  return visits;
}

function takeAttempt(visit: StateVisit, event: HistoryEvent, type: string, time: string | null): void {
  const [, what] = /^(?:Task|LambdaFunction|Activity)(\w+)$/.exec(type) ?? [];
  if (what === 'Scheduled') {
    visit.attempts.push({ started: time, ended: null, outcome: 'running', error: null, cause: null });
  }
  const outcome = what ? outcomes[what] : undefined;
  const attempt = visit.attempts.at(-1);
  if (!outcome || !attempt) return;
  const { error = null, cause = null } = failureOf(event);
  Object.assign(attempt, { ended: time, outcome, error, cause });
}

/** Why the execution as a whole ended, when it did not succeed. */
export function failureOf(event: HistoryEvent | undefined): FailureDetails {
  for (const [name, details] of Object.entries(event ?? {})) {
    const failure = /(?:Failed|TimedOut|Aborted)EventDetails$/.test(name)
      ? (details as FailureDetails)
      : null;
    if (failure) return failure;
  }
  return {};
}

function parsed(json: string | undefined): unknown {
  return json === undefined ? null : JSON.parse(json);
}
