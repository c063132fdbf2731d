import { covers } from '../../core/linking/call-answer.ts';
import { namedEvents, type SessionAnswer } from '../../core/linking/session-answer.ts';
import { inParallel } from '../../core/parallel.ts';
import type { CallEntry, Evidence } from '../../core/records/evidence.ts';
import { CliError } from '../failure.ts';
import { evidenceIntegrity } from '../queries/file-integrity.ts';
import { absent, lackOf, noSession } from '../queries/kept.ts';
import { lookUp } from '../queries/lookup.ts';
import type { Store } from '../queries/store.ts';
import { plural } from '../views/text/format.ts';
import type { SourceIntegrity } from './format.ts';
import type { Proofs } from './objects.ts';
import { copyName } from './order.ts';
import { collectProofs } from './proofs.ts';

/** All that a bundle is made of. */
export interface SessionEvidence {
  answer: SessionAnswer;
  /** the issuances and the calls, each copy once, in the order of event id and copy */
  records: Evidence[];
  /** the session's own calls, in the order of their time */
  calls: string[];
  /** one for each log file or topic that the records are from */
  integrity: SourceIntegrity[];
  /** what of its calls may no longer be there; null: nothing */
  lack: string | null;
  /** the objects from which the verdicts can be derived again */
  proofs: Proofs;
}

const atOnce = 16;

/**
 * A session's answer and every record it rests on: its calls, and the issuances of its chain. Throws CliError when there
 * is no such session or a cited record is not there. One request per record, three for each source; one object per digest, and
 * with `withLogs` one per log file.
 */
export async function collectEvidence(
  session: string,
  store: Store,
  withLogs = false,
): Promise<SessionEvidence> {
  const found = await lookUp(session, store);
  const [answer, another] = found?.kind === 'credential' ? found.sessions : [];
  if (!answer) throw new CliError(noSession(session, store));
  if (another)
    throw new CliError(
      `${session} has several sessions: name one of those that roletrail who ${session} lists`,
    );
  const entries: CallEntry[] = [];
  for await (const call of store.evidence.calls(answer.credential))
    if (covers(answer, call.use)) entries.push(call);
  const calls = entries.map(({ eventID }) => eventID);
  const ids = [...new Set([...namedEvents(answer), ...calls])].sort();
  const records = await inParallel(ids, atOnce, async id => {
    const copies = await store.evidence.event(id);
    if (copies.length === 0) {
      const { verdict, reason } = absent(store, answer.began);
      throw new CliError(
        `the record ${id}, which the answer to ${session} cites, is ${verdict} (${reason}): a bundle without it would prove nothing`,
      );
    }
    return copies.sort((a, b) => (copyName(a) < copyName(b) ? -1 : 1));
  });
  checkWhole(records.flat());
  const integrity = await integrityOf(records.flat(), store);
  const proofs = await collectProofs(integrity, store, withLogs);
  const lack = lackOf([answer], entries, store);
  return { answer, records: records.flat(), calls: [...new Set(calls)], integrity, lack, proofs };
}

const mostNamed = 5;

/** Throws CliError for records whose files are gone or have changed: a bundle without them would not verify. */
function checkWhole(records: readonly Evidence[]): void {
  const lacking = records.filter(({ missing }) => missing);
  if (lacking.length === 0) return;
  const named = lacking.slice(0, mostNamed).map(({ eventID }) => eventID);
  const rest = lacking.length - named.length;
  const why = [...new Set(lacking.map(({ missing }) => missing?.why))];
  const others = why.length > 1 ? ` (and ${plural(why.length - 1, 'more file')})` : '';
  throw new CliError(
    `the bundle would lack ${plural(lacking.length, 'record')} (${named.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}): ${why[0]}${others}`,
  );
}

async function integrityOf(records: readonly Evidence[], store: Store): Promise<SourceIntegrity[]> {
  const now = new Date();
  // A file that was replaced may have been read twice, by two executions, with a verdict for each.
  const read = new Map(records.map(each => [`${each.source} ${each.execution}`, each]));
  const verdicts = await inParallel([...read.values()], atOnce, async each => ({
    source: each.source,
    ...(await evidenceIntegrity(each, store, now)),
  }));
  const distinct = new Map(verdicts.map(each => [JSON.stringify(each), each]));
  return [...distinct].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, each]) => each);
}
