import type { SessionAnswer } from '../../core/linking/session-answer.ts';
import { merged } from '../../core/merge.ts';
import { CliError } from '../failure.ts';
import { rolesMeant } from './lookup-names.ts';
import type { Store } from './store.ts';

/** Which sessions are asked for; without a filter, all that the state holds. */
export interface Wanted {
  /** sessions of these statuses, which these logs do not explain */
  open?: readonly ('unlinked' | 'ambiguous' | 'unknown')[] | undefined;
  /** the role of the sessions: an ARN, a session's ARN, a name with or without path, a unique id */
  role?: string | undefined;
  /** a name of the principal behind them */
  origin?: string | undefined;
  /** sessions that began at or after it, ISO 8601; or the time sort key of the session to continue with */
  since?: string | undefined;
}

/**
 * The sessions asked for, oldest first, read as they are taken. Throws CliError for the name of a role that no session has.
 */
export async function* sessionsOf(
  { open, role, origin, since }: Wanted,
  store: Pick<Store, 'sessions' | 'names'>,
): AsyncGenerator<SessionAnswer> {
  const { sessions, names } = store;
  if (open)
    yield* merged(
      open.map(status => sessions.open(status, since)),
      sessionSortKey,
    );
  else if (origin !== undefined) yield* names.behind(origin, since);
  else if (role === undefined) yield* sessions.since(since);
  else {
    const roles = await rolesMeant(role, store);
    if (roles.length === 0) throw new CliError(`no session here belongs to a role called ${role}`);
    yield* merged(
      roles.map(arn => sessions.byRole(arn, since)),
      sessionSortKey,
    );
  }
}

/** The sort key of a session among the others, by the time it began: a list continues from it. */
export function sessionSortKey({ began, session }: SessionAnswer): string {
  return `${began}#${session}`;
}
