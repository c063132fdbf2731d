import type { Hop, Party } from '../../core/linking/chain.ts';
import type { Claim } from '../../core/linking/issued-session.ts';
import type { SessionAnswer, Status } from '../../core/linking/session-answer.ts';

/** A line of sessions.ndjson; `firstSeen`, `lastSeen` and `calls` are of the calls in this report, each counted once. */
export interface ReportedSession {
  session: string;
  accessKeyId: string | null;
  status: Status;
  roleArn: string | null;
  sessionName: string | null;
  sourceIdentity: string | null;
  issuedAt: string | null;
  expiresAt: string | null;
  issuerEventIDs: string[];
  chain: Hop[];
  origin: Party | null;
  firstSeen: string | null;
  lastSeen: string | null;
  calls: number;
  flags: SessionAnswer['flags'];
  mechanism: SessionAnswer['mechanism'];
  kind: SessionAnswer['kind'];
  named: string | null;
  masked: boolean;
  claims: Claim[];
  /** the run of a pipeline behind it, as its subject names it; null: none */
  ci: SessionAnswer['ci'] | null;
  /** who approved the delegated access of a product provider; null: nobody had to */
  approver: Party | null;
}

/** What a report's calls say of their session: those whose credential AWS accepted, and all. */
export interface SeenSpan {
  firstSeen: string | null;
  lastSeen: string | null;
  calls: number;
}

/** A session as sessions.ndjson has it. */
export function reportedSession(
  answer: SessionAnswer,
  { firstSeen, lastSeen, calls }: SeenSpan,
): ReportedSession {
  return {
    session: answer.session,
    accessKeyId: answer.accessKeyId,
    status: answer.status,
    roleArn: answer.roleArn,
    sessionName: answer.sessionName,
    sourceIdentity: answer.sourceIdentity,
    issuedAt: answer.issuedAt,
    expiresAt: answer.expiresAt,
    issuerEventIDs: answer.issuerEventIDs,
    chain: answer.chain,
    origin: answer.origin,
    firstSeen,
    lastSeen,
    calls,
    flags: answer.flags,
    mechanism: answer.mechanism,
    kind: answer.kind,
    named: answer.named,
    masked: answer.masked,
    claims: answer.claims ?? [],
    ci: answer.ci ?? null,
    approver: answer.approver ?? null,
  };
}
