import { covers } from '../../core/linking/call-answer.ts';
import type { SessionAnswer } from '../../core/linking/session-answer.ts';
import { inParallel } from '../../core/parallel.ts';
import type { OutstandingAlert } from '../../steps/store/alerts-table.ts';
import type { CallEntry } from '../../steps/store/evidence-item.ts';
import type { TimeSpan } from '../../steps/store/refused-table.ts';
import type { Deployment } from '../deployment/deployment.ts';
import { CliError } from '../failure.ts';
import { told } from './lookup.ts';

/** An alert that stands, the session it is about as it is known now, and the call it began with. */
export interface TableAlert {
  alert: OutstandingAlert;
  answer: SessionAnswer;
  firstCall: CallEntry | null;
}

/** Calls looked through for the session's first: a key may have been used by others before. */
const mostCalls = 20;
const atOnce = 8;

/**
 * A page of the alerts that stand, newest first, and the place to go on with; null after the last. Three Queries for each,
 * whatever the history. Throws CliError when a session that was alerted is not there.
 */
export async function standingOf(
  deployment: Deployment,
  span: TimeSpan,
  perPage: number,
): Promise<{ alerts: TableAlert[]; next: string | null }> {
  const { items, next } = await pageOf(deployment.alerts.newestFirst(span), perPage);
  const alerts = await inParallel(items, atOnce, alert => explained(alert, deployment));
  return { alerts, next: next?.at ?? null };
}

/** The first of a list, and the one that comes after them; null where there is none. */
export async function pageOf<T>(
  list: AsyncIterable<T>,
  perPage: number,
): Promise<{ items: T[]; next: T | null }> {
  const items: T[] = [];
  for await (const item of list) {
    if (items.length === perPage) return { items, next: item };
    items.push(item);
  }
  return { items, next: null };
}

async function explained(alert: OutstandingAlert, deployment: Deployment): Promise<TableAlert> {
  const { answers } = await deployment.sessions.read(alert.credential);
  const [answer] = await told(
    answers.filter(({ session }) => session === alert.session),
    deployment,
  );
  if (!answer) throw new CliError(`the session ${alert.session} was alerted and is not there`);
  for await (const call of deployment.evidence.calls(alert.credential, { limit: mostCalls })) {
    if (covers(answer, call.use)) return { alert, answer, firstCall: call };
  }
  return { alert, answer, firstCall: null };
}
