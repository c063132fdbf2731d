import type { SessionAnswer } from './session-answer.ts';

/** A session that a name leads to: its answer says whether it has the name still. */
export interface FoundSession {
  session: string;
  /** the credential it is read with */
  credential: string;
}

/** All that was read of a name. */
export interface Named {
  /** roles that it is a name or the id of, by ARN */
  roles: string[];
  /** sessions, each once: the strongest matches first, and of these the newest */
  sessions: FoundSession[];
  /** whether there is more than was read */
  more: boolean;
}

/** The newest sessions of a role. */
export interface Newest {
  answers: SessionAnswer[];
  /** how many are older, as far as they were counted */
  others: number;
  /** whether there are more than these */
  more: boolean;
}
