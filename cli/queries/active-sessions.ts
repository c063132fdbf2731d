import { comparable, namesOf, roleFiledAs } from '../../core/linking/names.ts';
import type { SessionAnswer } from '../../core/linking/session-answer.ts';
import { CliError } from '../failure.ts';
import { activityOf } from './activity.ts';
import { rolesMeant } from './lookup-names.ts';
import { sessionSortKey, sessionsOf, type Wanted } from './sessions.ts';
import type { Store } from './store.ts';

type Asked = Pick<Store, 'records' | 'sessions' | 'names' | 'ledger' | 'graceMinutes'>;

export interface WantedActive extends Wanted {
  until?: string | undefined;
  sort?: string | undefined;
  /** of a list newest first: the time sort key of the session to continue with */
  from?: string | undefined;
}

interface Found {
  answers: AsyncIterable<SessionAnswer>;
  /** once they are read: nothing before this time was looked at; null: all was */
  from(): string | null;
}

/**
 * The sessions asked for, oldest first, or newest; with a time those that made a call in it, or began. Throws CliError for the
 * name of a role that no session has.
 */
export function activeSessions(wanted: WantedActive, store: Asked): Found {
  const { since, until, sort } = wanted;
  let from: string | null = null;
  const answers = async function* (): AsyncGenerator<SessionAnswer> {
    const isAll = wanted.open === undefined && wanted.role === undefined && wanted.origin === undefined;
    if (since === undefined && until === undefined) {
      if (sort !== 'newest') yield* sessionsOf(wanted, store);
      else if (isAll) yield* store.sessions.newestFirst(wanted.from);
      else yield* upTo(wanted.from, (await Array.fromAsync(sessionsOf(wanted, store))).reverse());
      return;
    }
    const isWanted = await filter(wanted, store);
    const activity = await activityOf(store, { since, until });
    from = activity.from;
    const found = activity.sessions.map(({ answer }) => answer).filter(isWanted);
    yield* sort === 'newest' ? upTo(wanted.from, found.reverse()) : found;
  };
  return { answers: answers(), from: () => from };
}

function upTo(from: string | undefined, answers: readonly SessionAnswer[]): readonly SessionAnswer[] {
  return from === undefined ? answers : answers.filter(answer => sessionSortKey(answer) <= from);
}

async function filter({ open, role, origin }: Wanted, store: Asked) {
  // What is stored as unlinked is shown as unknown where the logs do not cover its issuance.
  if (open) return ({ status }: SessionAnswer) => ['unknown', ...open].includes(status);
  if (origin !== undefined) return (each: SessionAnswer) => namesOf(each).get(comparable(origin)) === 'who';
  if (role === undefined) return () => true;
  const roles = new Set((await rolesMeant(role, store)).map(roleFiledAs));
  if (roles.size === 0) throw new CliError(`no session here belongs to a role called ${role}`);
  return ({ roleArn }: SessionAnswer) => roleArn !== null && roles.has(roleFiledAs(roleArn));
}
