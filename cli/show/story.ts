import { citedBy, type Hop } from '../../steps/linking/chain.ts';
import type { RefusedAttempt } from '../../steps/linking/refused.ts';
import type { SessionAnswer, Status } from '../../steps/linking/session-answer.ts';
import { noNames, type People } from '../people/people.ts';
import type { SeenSession } from '../queries/seen-session.ts';
import { clean } from '../text/clean.ts';
import { day, plural } from '../text/format.ts';
import type { Paint } from '../text/paint.ts';
import { idsOf, namesOf, spanOf } from './calls.ts';
import { nameParty, nameRole, stepsTo } from './party.ts';
import { warnings } from './warnings.ts';

/** How a hop's evidence was joined, in words. */
export const joins: Record<Hop['joinedBy'], string> = {
  'exact-key': 'by the key it issued',
  'shared-event': 'both accounts logged it',
  'principal-and-creation-date': 'by principal and creation date',
  grant: 'as the service says that handed it out',
  'lake-formation': 'as Lake Formation says',
  claimed: 'as the partner says',
};

/**
 * A session's story: who, over which roles, did what, and the eventIDs that prove it.
 * The first line is the answer, the indented ones its evidence.
 */
export function storyOf(
  { answer, calls, strays }: SeenSession,
  paint: Paint,
  people: People = noNames,
): string[] {
  const lines = [headline(answer, paint, people)];
  const steps = stepsTo(answer);
  for (const [index, { hop, name: role }] of steps.entries()) {
    if (!hop) continue;
    const as = index === steps.length - 1 && answer.sessionName ? ` as ${clean(answer.sessionName)}` : '';
    lines.push(
      `    ${day(hop.eventTime)}  ${clean(hop.eventName)} ${role}${as} ${paint.dim(`(${joins[hop.joinedBy]})`)}`,
    );
    for (const id of hop.eventIDs) lines.push(`      ${paint.dim('proof')} ${paint.cyan(clean(id))}`);
  }
  if (calls.length > 0) {
    lines.push(`    ${spanOf(calls)}: ${namesOf(calls)}`);
    lines.push(`      ${paint.dim('proof')} ${paint.cyan(idsOf(calls))}`);
  } else if (strays.length === 0) lines.push(`    ${paint.dim('issued, never used in these logs')}`);
  if (strays.length > 0) {
    lines.push(
      `    ${paint.red('outside its life, by whom is not known:')} ${spanOf(strays)}: ${namesOf(strays)}`,
    );
    lines.push(`      ${paint.dim('look at')} ${paint.cyan(idsOf(strays))}`);
  }
  if (answer.reason)
    lines.push(
      `    ${paint.yellow(`${answer.status === 'linked' ? 'open: ' : 'why: '}${clean(answer.reason)}`)}`,
    );
  for (const flag of answer.flags) lines.push(`    ${paint.red(`look at: ${warnings[flag]}`)}`);
  return lines;
}

const marks: Record<Status, (paint: Paint) => string> = {
  linked: paint => paint.green('●'),
  ambiguous: paint => paint.yellow('◐'),
  delivered: paint => paint.green('◍'),
  unlinked: paint => paint.red('○'),
  unknown: paint => paint.yellow('◌'),
};

const nobody: Record<Status, string> = {
  linked: 'nobody named',
  ambiguous: 'one of several',
  delivered: 'named by the record',
  unlinked: 'nobody known',
  unknown: 'unknown',
};

/** `jsmith (user, account 1111...) → CrossAccountTest (account 9999...)` */
export function headline(answer: SessionAnswer, paint: Paint, people: People = noNames): string {
  const { origin, status } = answer;
  const mark = marks[status](paint);
  const parts = [];
  if (origin) {
    const { name, what } = nameParty(origin, people);
    parts.push(`${paint.bold(name)} ${paint.dim(`(${what})`)}`);
  } else parts.push(paint.bold(paint.red(nobody[status])));
  const steps = stepsTo(answer);
  for (const [index, { name, what }] of steps.entries()) {
    const last = index === steps.length - 1;
    parts.push(`${paint.bold(name)}${last && what ? ` ${paint.dim(`(${what})`)}` : ''}`);
  }
  return `  ${mark} ${parts.join(' → ')}`;
}

/** Refused attempts to assume an audited role, one line each. */
export function deniedLines(denied: readonly RefusedAttempt[], paint: Paint): string[] {
  const inTime = [...denied].sort((a, b) => (a.eventTime < b.eventTime ? -1 : 1));
  return inTime.map(({ eventTime, caller, role, errorCode, eventID }) =>
    [
      `  ${paint.red('✕')} ${day(eventTime)}  ${paint.bold(clean(caller))} was refused`,
      `${paint.bold(nameRole(role).name)} ${paint.dim(`(${clean(errorCode ?? 'no error code')})`)}`,
      paint.cyan(clean(eventID)),
    ].join(' '),
  );
}

export interface Stories {
  linked: SeenSession[];
  /** not linked */
  open: SeenSession[];
  /** how many are left out, because all they did was a hop of a story that is told */
  within: number;
}

/**
 * Sessions in the order they began, those that are not linked apart. One whose every call is an issuance in another's
 * chain is not told by itself: it is told there, hop by hop.
 */
export function inStoryOrder(sessions: readonly SeenSession[]): Stories {
  const hops = new Set(sessions.flatMap(({ answer }) => answer.chain.flatMap(citedBy)));
  const told = sessions
    .filter(({ calls, strays }) => {
      const shown = [...calls, ...strays];
      return shown.length === 0 || !shown.every(call => hops.has(call.eventID));
    })
    .sort((a, b) => (a.answer.began < b.answer.began ? -1 : a.answer.began > b.answer.began ? 1 : 0));
  return {
    linked: told.filter(({ answer }) => answer.status === 'linked'),
    open: told.filter(({ answer }) => answer.status !== 'linked'),
    within: sessions.length - told.length,
  };
}

/** What is at stake in one line: `12 sessions linked, 1 not, 3 attempts refused`. */
export function storyCount(linked: number, open: number, denied: number): string {
  return [`${plural(linked, 'session')} linked`, `${open} not`, `${plural(denied, 'attempt')} refused`].join(
    ', ',
  );
}
