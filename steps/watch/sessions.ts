import type { Logger } from '@aws-lambda-powertools/logger';
import {
  type CoverageLedger,
  contradicted,
  coverageOf,
  type Grace,
} from '../../core/coverage/session-coverage.ts';
import type { Alert } from '../../core/linking/alert.ts';
import { covers } from '../../core/linking/call-answer.ts';
import type { SessionAnswer } from '../../core/linking/session-answer.ts';
import { inParallel } from '../../core/parallel.ts';
import type { CallEntry } from '../../core/records/evidence.ts';
import { dayMillis, minuteMillis } from '../../core/records/times.ts';
import type { Announcer } from '../runtime/announcer.ts';
import { reasonOf } from '../runtime/errors.ts';
import type { AlertsTable } from '../store/alerts-table.ts';
import type { EvidenceTable } from '../store/evidence-table.ts';
import type { SessionsTable } from '../store/sessions-table.ts';
import { alertOf, explanationOf, isServiceDelivered, isUnexplained } from './alert.ts';
import { isHopeless, isPutOff, nextTry, noCoverage } from './patience.ts';

export interface WatchDependencies {
  sessions: Pick<SessionsTable, 'open' | 'read'>;
  evidence: Pick<EvidenceTable, 'calls'>;
  ledger: CoverageLedger;
  alerts: Pick<
    AlertsTable,
    'notice' | 'alerted' | 'explained' | 'putOff' | 'giveUp' | 'outstanding' | 'cursor' | 'goOnAt'
  >;
  announcer: Pick<Announcer, 'tell'>;
  /** how long the issuance of a session may be late before the session is an alert */
  graceMinutes: number;
  /** sessions that began earlier are not looked at: nothing about them is expected any more */
  lookbackDays: number;
  log: Pick<Logger, 'info' | 'error'>;
}

/** What became of the unlinked sessions in one run. */
export interface Watched {
  /** credentials in use that nothing explains */
  unexplained: number;
  /** of these, sessions within their grace period */
  waiting: number;
  /** sessions alerted in this run */
  alerted: number;
  /** alerts withdrawn in this run */
  explained: number;
  /** sessions not alerted: the logs have a gap where their issuance would be */
  noCoverage: number;
  /** sessions not alerted: only AWS services have used them */
  serviceDelivered: number;
  /** sessions that are not checked again: each try failed because of their stored items */
  givenUp: number;
}

/** Sessions looked at in parallel, and read together. */
const width = 8;
const slice = 200;

/** Calls of a session that an alert shows or that show its Regions, and calls searched for them: other sessions may share its key. */
const mostCalls = 20;
const mostLookedThrough = 1_000;

/** One run of the watch: raises alerts for sessions that stayed unlinked, and withdraws alerts for explained sessions. */
export class SessionWatch {
  readonly #deps: WatchDependencies;
  readonly #now: string;
  readonly #since: string;
  readonly #noticedBefore: string;
  readonly #grace: Grace;
  readonly #failures: unknown[] = [];
  /** what became of them so far */
  readonly watched: Watched = {
    unexplained: 0,
    waiting: 0,
    alerted: 0,
    explained: 0,
    noCoverage: 0,
    serviceDelivered: 0,
    givenUp: 0,
  };

  constructor(deps: WatchDependencies, now: Date) {
    this.#deps = deps;
    this.#now = now.toISOString();
    this.#grace = { graceMinutes: deps.graceMinutes, now };
    this.#since = new Date(now.getTime() - deps.lookbackDays * dayMillis).toISOString();
    this.#noticedBefore = new Date(now.getTime() - deps.graceMinutes * minuteMillis).toISOString();
  }

  /**
   * Looks at the open sessions, oldest first, until they are done or the deadline is over (milliseconds since 1970): the next run
   * goes on where this one stopped. Throws after all of them when one failed: it is told of by a later run, the others are not
   * held up.
   */
  async run(deadline = Number.POSITIVE_INFINITY): Promise<Watched> {
    const { sessions, alerts } = this.#deps;
    const stopped = await alerts.cursor();
    const from = stopped !== null && stopped > this.#since ? stopped : this.#since;
    const still = new Set<string>();
    let last: string | null = null;
    for await (const open of slices(sessions.open('unlinked', from), slice)) {
      last = null;
      const suspects = open.filter(isUnexplained);
      for (const { session } of suspects) still.add(session);
      await this.#look(suspects);
      const { began = '', session = '' } = open.at(-1) ?? {};
      // Fewer than asked for are the last.
      if (Date.now() < deadline || open.length < slice) continue;
      last = `${began}#${session}`;
      break;
    }
    await this.#withdrawBetween(from, last, still);
    if (last !== stopped) await alerts.goOnAt(last);
    if (this.#failures.length > 0) throw this.#failures[0];
    return this.watched;
  }

  async #look(suspects: readonly SessionAnswer[]): Promise<void> {
    this.watched.unexplained += suspects.length;
    const known = await this.#deps.alerts.notice(suspects, this.#now);
    const open = suspects.filter(({ session }) => known.get(session)?.state === 'noticed');
    const due = open.filter(({ session }) => (known.get(session)?.noticedAt ?? '') <= this.#noticedBefore);
    this.watched.waiting += open.length - due.length;
    const dueAlerts = due.flatMap(answer => {
      const alert = known.get(answer.session);
      return alert ? [{ answer, alert, session: answer.session }] : [];
    });
    const now = dueAlerts.filter(({ alert }) => !isPutOff(alert, this.#now));
    this.watched.noCoverage += dueAlerts.filter(
      ({ alert }) => isPutOff(alert, this.#now) && alert.putOff?.why === noCoverage,
    ).length;
    await this.#each(now, ({ answer, alert }) => this.#alert(answer, alert));
  }

  /** Alerts of the sessions that this run passed and did not find open any more. */
  async #withdrawBetween(from: string, to: string | null, still: ReadonlySet<string>): Promise<void> {
    for await (const outstanding of slices(this.#deps.alerts.outstanding(from), slice)) {
      const passed = outstanding.filter(({ at }) => to === null || at <= to);
      const gone = passed.filter(alert => !still.has(alert.session) && !isPutOff(alert, this.#now));
      await this.#each(
        gone.map(alert => ({ alert, session: alert.session })),
        ({ alert }) => this.#withdraw(alert),
      );
      if (passed.length < outstanding.length) return;
    }
  }

  async #alert({ credential, session }: SessionAnswer, alert: Alert): Promise<void> {
    const { sessions, announcer, alerts, log } = this.#deps;
    // The index may lag behind: the table decides.
    const { answers, uses } = await sessions.read(credential);
    const answer = answers.find(each => each.session === session);
    if (!answer || !isUnexplained(answer)) return;
    const own = uses.filter(use => covers(answer, use.hash));
    if (isServiceDelivered(own)) {
      this.watched.serviceDelivered += 1;
      return;
    }
    const calls = await this.#calls(answer);
    const coverage = await coverageOf(answer, calls, this.#deps.ledger);
    if (!coverage.covered) {
      this.watched.noCoverage += 1;
      log.info('unknown', { session, reason: coverage.reason });
      await alerts.putOff(alert, nextTry(alert, this.#now), noCoverage);
      return;
    }
    // Send first, then note: a run that ends in between sends it again under the same ID, and never loses it.
    await announcer.tell(alertOf(contradicted(answer, this.#grace), own, calls));
    await alerts.alerted(answer, this.#now);
    this.watched.alerted += 1;
  }

  async #withdraw({ credential, session }: Alert): Promise<void> {
    const { sessions, announcer, alerts } = this.#deps;
    const { answers } = await sessions.read(credential);
    const answer = answers.find(each => each.session === session);
    if (!answer || isUnexplained(answer)) return;
    await announcer.tell(explanationOf(answer, await this.#calls(answer)));
    await alerts.explained(answer, this.#now);
    this.watched.explained += 1;
  }

  /** The session's first calls; a key may have been others' before. */
  async #calls(answer: SessionAnswer): Promise<CallEntry[]> {
    const calls: CallEntry[] = [];
    let looked = 0;
    for await (const call of this.#deps.evidence.calls(answer.credential, { perRequest: 100 })) {
      if (covers(answer, call.use)) calls.push(call);
      looked += 1;
      if (calls.length >= mostCalls || looked >= mostLookedThrough) break;
    }
    return calls;
  }

  async #each<T extends { session: string; alert: Alert }>(
    list: readonly T[],
    work: (item: T) => Promise<void>,
  ) {
    await inParallel(list, width, item =>
      work(item).catch(async error => {
        const { error: name, message } = reasonOf(error);
        this.#deps.log.error('watch failed', { session: item.session, error: name, reason: message });
        this.#failures.push(error);
        // The first failure stays the one that is thrown.
        await this.#failed(item.alert, error).catch(second => this.#failures.push(second));
      }),
    );
  }

  /**
   * It is retried less and less often. If the stored items of the session are the cause, it ends after some tries, by name; a channel or a
   * service that is unavailable never ends it: the alert is sent when the service is back.
   */
  async #failed(alert: Alert, error: unknown): Promise<void> {
    const { error: name } = reasonOf(error);
    const { alerts } = this.#deps;
    if (!isHopeless(alert, error)) return alerts.putOff(alert, nextTry(alert, this.#now), name);
    await alerts.giveUp(alert, name);
    this.watched.givenUp += 1;
    this.#deps.log.error('given up', { session: alert.session, error: name });
  }
}

async function* slices<T>(list: AsyncIterable<T>, size: number): AsyncGenerator<T[]> {
  let items: T[] = [];
  for await (const item of list) {
    items.push(item);
    if (items.length < size) continue;
    yield items;
    items = [];
  }
  if (items.length > 0) yield items;
}
