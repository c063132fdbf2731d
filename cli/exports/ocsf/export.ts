import { asRecord } from '../../../core/identities/identity.ts';
import { answerCall, covers } from '../../../core/linking/call-answer.ts';
import { citedBy } from '../../../core/linking/chain.ts';
import type { SessionAnswer } from '../../../core/linking/session-answer.ts';
import { inParallel } from '../../../core/parallel.ts';
import type { CallEntry, Evidence } from '../../../core/records/evidence.ts';
import { requiredString } from '../../../core/records/read.ts';
import { eventTime } from '../../../core/records/times.ts';
import { CliError } from '../../failure.ts';
import type { Store } from '../../queries/store.ts';
import type { ExportedRecord } from './event.ts';

/** Times in ISO 8601; `until` itself is not of it. */
export interface Span {
  since?: string;
  until?: string;
}

const atOnce = 16;

/**
 * Every record of the sessions once: the issuances that their chains cite, then their calls in the order of their time. A
 * call of one session that issued another is exported with the session that comes first.
 * One request per record. Skips a record that is missing, and calls `absent` with its eventID.
 */
export async function* exportedRecords(
  sessions: readonly SessionAnswer[],
  store: Pick<Store, 'evidence'>,
  span: Span = {},
  absent: (eventID: string) => void = () => {},
): AsyncGenerator<ExportedRecord> {
  const done = new Set<string>();
  for (const answer of sessions) {
    const { status, reason } = answer;
    const cited = [...answer.chain].reverse().flatMap(citedBy);
    const fresh = [...new Set([...cited, ...answer.issuerEventIDs])].filter(id => isNew(done, id));
    for (const evidence of await read(fresh, store, absent)) {
      if (within(span, timeOf(evidence))) yield { evidence, answer, part: 'issuance', status, reason };
    }
    for await (const calls of batches(store.evidence.calls(answer.credential))) {
      const own = calls.filter(
        each => covers(answer, each.use) && within(span, each.eventTime) && isNew(done, each.eventID),
      );
      const byId = new Map(own.map(each => [each.eventID, each]));
      for (const evidence of await read([...byId.keys()], store, absent)) {
        const call = byId.get(evidence.eventID);
        if (!call) continue;
        const at = answerCall(call, [answer]);
        yield { evidence, answer, part: 'call', status: at.answer ? status : at.status, reason: at.reason };
      }
    }
  }
}

function isNew(done: Set<string>, eventID: string): boolean {
  const fresh = !done.has(eventID);
  done.add(eventID);
  return fresh;
}

/** The records of these events, in their order; of several copies the own trail's. */
async function read(
  ids: readonly string[],
  { evidence }: Pick<Store, 'evidence'>,
  absent: (eventID: string) => void,
): Promise<Evidence[]> {
  const found = await inParallel(ids, atOnce, async id => {
    const copies = await evidence.event(id);
    const copy = copies.find(({ provenance }) => provenance === 'trail') ?? copies[0];
    if (!copy) absent(id);
    if (copy?.missing) throw new CliError(`the record ${id} cannot be exported: ${copy.missing.why}`);
    return copy ? [copy] : [];
  });
  return found.flat();
}

async function* batches(calls: AsyncIterable<CallEntry>): AsyncGenerator<CallEntry[]> {
  let batch: CallEntry[] = [];
  for await (const call of calls) {
    batch.push(call);
    if (batch.length < 10 * atOnce) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

/** As times are compared, whatever shape the record has it in. Throws RecordError. */
function timeOf({ record }: Evidence): string {
  return eventTime(requiredString(asRecord(JSON.parse(record)), 'eventTime'));
}

function within({ since, until }: Span, time: string): boolean {
  return (!since || time >= since) && (!until || time < until);
}
