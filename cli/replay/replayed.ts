import { isAmiss } from '../../core/digests/records.ts';
import type { Status } from '../../core/linking/session-answer.ts';
import type { Deployment } from '../deployment/deployment.ts';
import { type Other, someAmiss } from '../inputs/others.ts';
import type { Quarantined } from '../queries/quarantine-store.ts';
import { countOf, quarantinedSince } from '../queries/quarantined.ts';
import type { StandingAlert } from '../queries/standing-alerts.ts';
import { type Summary, summaryOf } from '../report/report.ts';
import { type Answers, readAnswers } from './answers.ts';
import type { Collected } from './collected.ts';
import { type DigestsChecked, noDigests } from './digests.ts';
import type { ExecutionCollector } from './execution-collector.ts';

/** What a replay came to, the same for both targets. */
export interface Replayed {
  summary: Summary;
  collected: Collected;
  answers: Answers;
  quarantined: Quarantined[];
  /** the open alerts on the sessions of this replay */
  alerts: StandingAlert[];
  /** what was found among the files and not delivered */
  others: Other[];
  digests: DigestsChecked;
  /** sentences about what went wrong beside the executions */
  problems: string[];
  /** sentences about what was left out, and held no calls */
  notes: string[];
  /** the file a message came from that intake refused */
  fileOf(message: string): string | null;
}

export interface Delivered {
  began: Date;
  /** from when on what is refused may be this replay's; `began` where the stack has the same clock */
  since?: Date;
  files: number;
  others: Other[];
  digests?: DigestsChecked;
  problems: string[];
  notes?: string[];
  alerts: StandingAlert[];
  fileOf(message: string): string | null;
  /** messages that intake gave up on, or that never reached it */
  givenUp?: number;
  /** whose quarantine objects are this replay's, beside its executions' */
  alsoMine: (execution: string) => boolean;
}

/** Reads the answers and what was refused, once all executions have ended. */
export async function replayed(
  deployment: Deployment,
  collector: ExecutionCollector,
  delivered: Delivered,
): Promise<Replayed> {
  const {
    began,
    since = began,
    files,
    others,
    digests = noDigests,
    problems,
    notes = [],
    givenUp = 0,
    fileOf,
  } = delivered;
  const mine = (execution: string) => collector.knows(execution) || delivered.alsoMine(execution);
  const { collected } = collector;
  const answers = await readAnswers(collected, deployment);
  const quarantined = await quarantinedSince(deployment, since, mine);
  const seconds = Math.round(Date.now() - began.getTime()) / 1000;
  // An execution that failed and whose Quarantine step failed too has left nothing behind but its failure.
  const kept = new Set(quarantined.map(({ header }) => header.execution));
  const unkept = collected.failed.filter(({ name }) => !kept.has(name)).length;
  const count = countOf(quarantined) + unkept + givenUp;
  const ours = new Set(answers.sessions.map(({ answer }) => answer.session));
  const alerts = delivered.alerts.filter(({ session }) => ours.has(session));
  const calls = answers.calls.filter(({ copyOf }) => copyOf === null);
  const having = (status: Status) => calls.filter(call => call.status === status).length;
  const tally = { linked: having('linked'), delivered: having('delivered'), calls: calls.length };
  const summary = summaryOf({ ...collected.counts, files }, tally, {
    issuances: collected.issuances.size,
    sessions: answers.sessions.length,
    quarantined: count,
    executions: { succeeded: collected.succeeded, failed: collected.failed.length },
    seconds,
  });
  return { summary, collected, answers, quarantined, alerts, others, digests, problems, notes, fileOf };
}

/** Was everything processed, with nothing refused, failed, tampered with or left undelivered? */
export function allProcessed({ summary, others, problems, digests }: Replayed): boolean {
  return (
    summary.quarantined === 0 &&
    summary.executions.failed === 0 &&
    !someAmiss(others) &&
    problems.length === 0 &&
    !digests.records.some(isAmiss)
  );
}
