import type { Logger } from '@aws-lambda-powertools/logger';
import type { Alert, AlertsTable } from './aws/alerts-table.ts';
import type { Announcer } from './aws/announcer.ts';
import type { CallEntry } from './aws/evidence-item.ts';
import type { EvidenceTable } from './aws/evidence-table.ts';
import type { SessionsTable } from './aws/sessions-table.ts';
import { reasonOf } from './errors.ts';
import { covers } from './linking/call-answer.ts';
import { inParallel } from './linking/parallel.ts';
import type { SessionAnswer } from './linking/session-answer.ts';
import { type CoverageLedger, coverageOf } from './session-coverage.ts';
import { alertOf, explanationOf, isServiceDelivered, isUnexplained } from './watch-alert.ts';

export interface WatchDependencies {
  sessions: Pick<SessionsTable, 'open' | 'read'>;
  evidence: Pick<EvidenceTable, 'calls'>;
  ledger: CoverageLedger;
  alerts: Pick<AlertsTable, 'notice' | 'alerted' | 'explained' | 'outstanding'>;
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
  /** of these, those whose grace period runs */
  waiting: number;
  /** sessions told of in this run */
  alerted: number;
  /** alerts withdrawn in this run */
  explained: number;
  /** sessions not told of: the logs have a gap where their issuance would be */
  noCoverage: number;
  /** sessions not told of: only AWS services have used them */
  serviceDelivered: number;
}

/** Sessions looked at in parallel, and the first calls of each that are looked at. */
const width = 8;
const firstCalls = 100;

/** One run of the watch: alerts what has stayed unlinked, withdraws what is explained. */
export class SessionWatch {
  readonly #deps: WatchDependencies;
  readonly #now: string;
  readonly #since: string;
  readonly #noticedBefore: string;
  readonly #failures: unknown[] = [];
  readonly #watched: Watched = {
    unexplained: 0,
    waiting: 0,
    alerted: 0,
    explained: 0,
    noCoverage: 0,
    serviceDelivered: 0,
  };

  constructor(deps: WatchDependencies, now: Date) {
    this.#deps = deps;
    this.#now = now.toISOString();
    this.#since = new Date(now.getTime() - deps.lookbackDays * 86_400_000).toISOString();
    this.#noticedBefore = new Date(now.getTime() - deps.graceMinutes * 60_000).toISOString();
  }

  /**
   * Throws after all sessions were looked at when one of them failed: it is told of by a later run, the others are not
   * held up.
   */
  async run(): Promise<Watched> {
    const { sessions, alerts } = this.#deps;
    const unlinked = await all(sessions.open('unlinked', this.#since));
    const suspects = unlinked.filter(isUnexplained);
    this.#watched.unexplained = suspects.length;
    const known = await alerts.notice(suspects, this.#now);
    const open = suspects.filter(({ session }) => known.get(session)?.state === 'noticed');
    const due = open.filter(({ session }) => (known.get(session)?.noticedAt ?? '') <= this.#noticedBefore);
    this.#watched.waiting = open.length - due.length;
    const still = new Set(suspects.map(({ session }) => session));
    const outstanding = await all(alerts.outstanding(this.#since));
    await this.#each(due, session => this.#alert(session));
    await this.#each(
      outstanding.filter(({ session }) => !still.has(session)),
      alert => this.#withdraw(alert),
    );
    if (this.#failures.length > 0) throw this.#failures[0];
    return this.#watched;
  }

  async #alert({ credential, session }: SessionAnswer): Promise<void> {
    const { sessions, announcer, alerts, log } = this.#deps;
    // The index may lag behind: what is told is what stands in the table.
    const { answers, uses } = await sessions.read(credential);
    const answer = answers.find(each => each.session === session);
    if (!answer || !isUnexplained(answer)) return;
    const calls = await this.#calls(answer);
    if (isServiceDelivered(calls)) {
      this.#watched.serviceDelivered += 1;
      return;
    }
    const coverage = await coverageOf(answer, calls, this.#deps.ledger);
    if (!coverage.covered) {
      this.#watched.noCoverage += 1;
      log.info('unknown', { session, reason: coverage.reason });
      return;
    }
    const own = uses.filter(use => covers(answer, use.hash));
    // Told first, noted then: a run that ends in between tells it again under the same id, and never loses it.
    await announcer.tell(alertOf(answer, own, calls));
    await alerts.alerted(answer, this.#now);
    this.#watched.alerted += 1;
  }

  async #withdraw({ credential, session }: Alert): Promise<void> {
    const { sessions, announcer, alerts } = this.#deps;
    const { answers } = await sessions.read(credential);
    const answer = answers.find(each => each.session === session);
    if (!answer || isUnexplained(answer)) return;
    await announcer.tell(explanationOf(answer, await this.#calls(answer)));
    await alerts.explained(answer, this.#now);
    this.#watched.explained += 1;
  }

  async #calls(answer: SessionAnswer): Promise<CallEntry[]> {
    const calls = await all(this.#deps.evidence.calls(answer.credential, { limit: firstCalls }));
    return calls.filter(call => covers(answer, call.use));
  }

  async #each<T extends { session: string }>(list: readonly T[], work: (item: T) => Promise<void>) {
    await inParallel(list, width, item =>
      work(item).catch(error => {
        const { error: name, message } = reasonOf(error);
        this.#deps.log.error('watch failed', { session: item.session, error: name, reason: message });
        this.#failures.push(error);
      }),
    );
  }
}

async function all<T>(list: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of list) items.push(item);
  return items;
}
