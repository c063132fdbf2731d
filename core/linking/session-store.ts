import type { Issuance } from '../records/event.ts';
import type { BatchFacts } from './facts.ts';
import type { CredentialAnswers } from './session-answer.ts';
import type { Use } from './use.ts';

/** One credential's partition: facts and the answers last derived from them. */
export interface CredentialState extends CredentialAnswers {
  credential: string;
  issuances: Issuance[];
  uses: Use[];
  /** the credentials whose answers depend on these facts, as of this read; null: many, which `children` tells */
  children: string[] | null;
}

/**
 * Where facts and answers live. Reads see every write that was finished before they began (strongly consistent):
 * that is what makes two executions at once end in the same answer.
 */
export interface SessionStore {
  /** Writes facts that are not there yet; widens the times of uses that are. */
  writeFacts(facts: BatchFacts): Promise<void>;
  read(credential: string): Promise<CredentialState>;
  /** the credentials whose answers depend on this one's facts */
  children(credential: string): Promise<string[]>;
  /** Replaces the answers derived from `seen`. False, and nothing written, when others replaced them meanwhile. */
  replace(credential: string, seen: CredentialAnswers, next: CredentialAnswers): Promise<boolean>;
}
