import type { OutstandingAlert } from '../../core/linking/alert.ts';
import { covers } from '../../core/linking/call-answer.ts';
import type { SessionAnswer } from '../../core/linking/session-answer.ts';
import { inParallel } from '../../core/parallel.ts';
import type { CallEntry } from '../../core/records/evidence.ts';
import type { TimeSpan } from '../../core/records/times.ts';
import { CliError } from '../failure.ts';
import { pageOf } from './page.ts';
import { reported } from './reported-answers.ts';
import type { Store } from './store.ts';

/** An alert that stands, the session it is about as it is known now, and the call it began with. */
export interface ShownAlert {
  alert: OutstandingAlert;
  answer: SessionAnswer;
  firstCall: CallEntry | null;
}

type Asked = Pick<Store, 'alerts' | 'sessions' | 'evidence' | 'ledger' | 'graceMinutes' | 'retentionDays'>;

/** Calls looked through for the session's first: a key may have been used by others before. */
const mostCalls = 20;
const atOnce = 8;

/**
 * A page of the alerts that stand, newest first, and the cursor to continue from; null after the last. Three requests for each,
 * whatever the history. Throws CliError when a session that was alerted is not there.
 */
export async function standingOf(
  store: Asked,
  span: TimeSpan,
  perPage: number,
): Promise<{ alerts: ShownAlert[]; next: string | null }> {
  const { items, next } = await pageOf(store.alerts.newestFirst(span), perPage);
  const alerts = await inParallel(items, atOnce, alert => explained(alert, store));
  return { alerts, next: next?.at ?? null };
}

async function explained(alert: OutstandingAlert, store: Asked): Promise<ShownAlert> {
  const { answers } = await store.sessions.read(alert.credential);
  const [answer] = await reported(
    answers.filter(({ session }) => session === alert.session),
    store,
  );
  if (!answer) throw new CliError(`the session ${alert.session} has an alert, but no answer`);
  for await (const call of store.evidence.calls(alert.credential, { limit: mostCalls })) {
    if (covers(answer, call.use)) return { alert, answer, firstCall: call };
  }
  return { alert, answer, firstCall: null };
}
