import type { SessionAnswer } from '../../core/linking/session-answer.ts';

/** One distinct call of a replay: what its answer is looked up by, and what the report shows of it. */
export interface Call {
  eventID: string;
  recipientAccountId: string;
  eventTime: string;
  eventSource: string;
  eventName: string;
  accessKeyId: string | null;
  credential: string;
  use: string;
  errorCode: string | null;
  awsRegion: string | null;
  sharedEventID: string | null;
  amends: string | null;
  callerAccount: string | null;
}

/** A session with what this replay saw of it. */
export interface SeenSession {
  answer: SessionAnswer;
  calls: Call[];
  /** calls with its credential before its issuance or after its expiry: who made them is not known */
  strays: Call[];
}
