import type { Integrity } from '../../core/digests/file-integrity.ts';
import { AuditedRoles } from '../../core/identities/roles.ts';
import { answerCall } from '../../core/linking/call-answer.ts';
import { credentialsOf } from '../../core/linking/facts.ts';
import type { SessionAnswer, Status } from '../../core/linking/session-answer.ts';
import { useOf } from '../../core/linking/use.ts';
import { inParallel } from '../../core/parallel.ts';
import { normalize } from '../../core/reading/normalize.ts';
import type { Evidence, KnownOfRecord } from '../../core/records/evidence.ts';
import { type Doing, doingOf } from '../../core/resources/doing.ts';
import { heldRecord } from './doings.ts';
import { evidenceIntegrity } from './file-integrity.ts';
import { otherRecords } from './request-records.ts';
import type { Store } from './store.ts';

/** What is known of an event. */
export interface FoundEvent {
  kind: 'event';
  subject: string;
  eventTime: string;
  eventName: string;
  errorCode: string | null;
  /** of the event, and of the other records of its request: another account's copy, addenda, what an addendum completes */
  evidence: ReportedEvidence[];
  /** the session the call belongs to; null for an event that was not a call under an audited role */
  call: { status: Status; reason: string | null; session: string | null } | null;
  /** what it did, as its own record tells */
  doing: Doing;
  /** names of the sessions whose credential this event handed out */
  issued: string[];
  /** the audited role it was refused */
  denied: string | null;
  sessions: SessionAnswer[];
}

/** Evidence, and whether the file it came from is as CloudTrail left it. */
export type ReportedEvidence = Evidence & { integrity: Integrity };

/** The event with this id: of what call it is the record, and what it issued. Null where there is none. */
export async function lookUpEvent(
  subject: string,
  store: Pick<Store, 'evidence' | 'sessions' | 'ledger' | 'integrity'>,
): Promise<FoundEvent | null> {
  const found = await store.evidence.event(subject);
  if (found.length === 0) return null;
  const now = new Date();
  const others = await otherRecords(found, store.evidence);
  const evidence = await inParallel([...found, ...others], 8, async each => ({
    ...each,
    integrity: await evidenceIntegrity(each, store, now),
  }));
  const events = evidence.map(eventOf);
  const sessions = new Map<string, SessionAnswer>();
  let call: FoundEvent['call'] = null;
  const issued: string[] = [];
  for (const each of events) {
    const answers = each.credential ? (await store.sessions.read(each.credential)).answers : [];
    // Answers exist for credentials of audited roles only: a hop towards one has no answer of its own.
    if (answers.length > 0 && call === null) {
      const { status, reason, session } = answerCall({ ...each, use: each.use ?? '' }, answers);
      call = { status, reason, session };
      for (const answer of answers) if (answer.session === session) sessions.set(session, answer);
    }
    for (const credential of each.issues) {
      for (const answer of (await store.sessions.read(credential)).answers) {
        if (!answer.issuerEventIDs.includes(subject)) continue;
        if (!issued.includes(answer.session)) issued.push(answer.session);
        sessions.set(answer.session, answer);
      }
    }
  }
  const [{ eventTime, eventSource, eventName, errorCode } = nothingKnown] = events;
  return {
    kind: 'event',
    subject,
    eventTime,
    eventName,
    errorCode,
    doing: doingOf(heldRecord(evidence[0], { eventSource, eventName, errorCode, agent: null })),
    evidence,
    call,
    issued,
    denied: events.find(each => each.denied)?.denied ?? null,
    sessions: [...sessions.values()],
  };
}

const nothingKnown = { eventTime: '', eventSource: '', eventName: '', errorCode: null };

function eventOf({
  record,
  source,
  provenance,
  recipientAccountId,
  digest,
  missing,
}: Evidence): KnownOfRecord {
  if (missing) return missing.known;
  const from = { source, provenance, account: recipientAccountId };
  const event = normalize(JSON.parse(record), from, new AuditedRoles(['*']), digest);
  const { credential, issuance } = event;
  return {
    ...event,
    use: credential === null ? null : useOf(event).hash,
    issues: issuance ? credentialsOf(issuance) : [],
  };
}
