import { boundedFacts, firstOf, mostClaimedChildren } from '../../../core/linking/bounds.ts';
import type { BatchFacts } from '../../../core/linking/facts.ts';
import { namesOf, roleFiledAs, roleNamesOf } from '../../../core/linking/names.ts';
import type { CredentialAnswers, SessionAnswer } from '../../../core/linking/session-answer.ts';
import type { CredentialState, SessionStore } from '../../../core/linking/session-store.ts';
import type { Use } from '../../../core/linking/use.ts';
import type { Issuance } from '../../../core/records/event.ts';
import { factRows } from '../reading/fact-rows.ts';
import type { State } from './state.ts';
import { writeFactRows } from './writer.ts';

/** Facts and answers of a state: what linking stands on. Within a transaction where much is written. */
export class StateSessions implements SessionStore {
  readonly #state: State;

  constructor(state: State) {
    this.#state = state;
  }

  async writeFacts(facts: BatchFacts): Promise<void> {
    writeFactRows(this.#state, factRows(facts));
  }

  async read(credential: string): Promise<CredentialState> {
    const issuances = this.#state.all<{ issuance: string }>(
      'SELECT issuance FROM issued JOIN issuances USING (name) WHERE credential = ?',
      credential,
    );
    const uses = this.#state.all<UseRow>('SELECT * FROM uses WHERE credential = ?', credential);
    return {
      credential,
      ...boundedFacts({
        issuances: issuances.map(({ issuance }) => JSON.parse(issuance) as Issuance),
        uses: uses.map(useOf),
      }),
      children: this.#children(credential),
      ...this.#answers(credential),
    };
  }

  async children(credential: string): Promise<string[]> {
    return this.#children(credential);
  }

  async replace(credential: string, seen: CredentialAnswers, next: CredentialAnswers): Promise<boolean> {
    const basis = this.#answers(credential).basis;
    if (basis.join() !== seen.basis.join()) return false;
    this.#state.run('DELETE FROM answers WHERE credential = ?', credential);
    for (const [slot, answer] of next.answers.entries()) this.#write(credential, slot, answer, next.basis);
    return true;
  }

  #write(credential: string, slot: number, answer: SessionAnswer, basis: readonly string[]): void {
    const { session, began, status, roleArn } = answer;
    const own = answer.credential === credential;
    this.#state.run(
      'INSERT INTO answers VALUES (?,?,?,?,?,?,?,?,?)',
      ...[credential, slot, session, Number(own), began, status],
      ...[roleArn === null ? null : roleFiledAs(roleArn), JSON.stringify(answer)],
      slot === 0 ? JSON.stringify(basis) : null,
    );
    if (!own) return;
    for (const [name, kind] of namesOf(answer))
      this.#state.run('INSERT OR REPLACE INTO names VALUES (?,?,?,?)', name, session, credential, kind);
    for (const { name, arn } of roleNamesOf(answer))
      this.#state.run('INSERT OR IGNORE INTO roleNames VALUES (?,?)', name, arn);
  }

  #answers(credential: string): CredentialAnswers {
    const rows = this.#state.all<{ answer: string; basis: string | null }>(
      'SELECT answer, basis FROM answers WHERE credential = ? ORDER BY slot',
      credential,
    );
    return {
      answers: rows.map(({ answer }) => JSON.parse(answer) as SessionAnswer),
      basis: rows[0]?.basis ? (JSON.parse(rows[0].basis) as string[]) : [],
    };
  }

  #children(credential: string): string[] {
    const of = (table: string) =>
      this.#state
        .all<{ child: string }>(`SELECT child FROM ${table} WHERE parent = ?`, credential)
        .map(({ child }) => child);
    const bySender = Map.groupBy(of('claimedChildren'), name => name.slice(0, name.indexOf('#')));
    const counted = [...bySender.values()].flatMap(list => firstOf(list, mostClaimedChildren, name => name));
    const claimed = counted.map(name => name.slice(name.indexOf('#') + 1));
    return [...new Set([...of('children'), ...claimed])].sort();
  }
}

interface UseRow {
  shown: string;
  firstSeen: string;
  lastSeen: string;
  firstTaken: string;
  lastTaken: string;
}

function useOf({ shown, firstSeen, lastSeen, firstTaken, lastTaken }: UseRow): Use {
  return { ...(JSON.parse(shown) as Use), firstSeen, lastSeen, firstTaken, lastTaken };
}
