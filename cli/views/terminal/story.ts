import { citedBy, type Hop } from '../../../core/linking/chain.ts';
import type { RefusedAttempt } from '../../../core/linking/refused.ts';
import type { SessionAnswer, Status } from '../../../core/linking/session-answer.ts';
import { noNames, type People } from '../../people/people.ts';
import type { ExplainedAttempt } from '../../queries/refusals.ts';
import type { SeenSession } from '../../queries/seen-session.ts';
import { clean } from '../text/clean.ts';
import { day, plural } from '../text/format.ts';
import type { Paint } from '../text/paint.ts';
import { idsOf, namesOf, spanOf } from './calls.ts';
import { refusalText } from './doings.ts';
import { kindBeside } from './kinds.ts';
import { nameParty, nameRole, stepsTo } from './party.ts';
import { claimTexts, isLack, reasonTitle, warnings } from './words.ts';

/** How a hop's evidence was joined, in words. */
export const joins: Record<Hop['joinedBy'], string> = {
  'exact-key': 'by the key it issued',
  'shared-event': 'both accounts logged it',
  'principal-and-creation-date': 'by principal and creation date',
  grant: 'as the issuing service says',
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
    for (const id of hop.grants ?? [])
      lines.push(
        `      ${paint.dim('keys ')} ${paint.cyan(clean(id))} ${paint.dim('(a sign-in, a token, or a request for credentials)')}`,
      );
  }
  if (calls.length > 0) {
    lines.push(`    ${spanOf(calls)}: ${namesOf(calls)}`);
    lines.push(`      ${paint.dim('proof')} ${paint.cyan(idsOf(calls))}`);
  } else if (strays.length === 0) lines.push(`    ${paint.dim(unused(answer))}`);
  if (strays.length > 0) {
    lines.push(
      `    ${paint.red('outside its validity, caller unknown:')} ${spanOf(strays)}: ${namesOf(strays)}`,
    );
    lines.push(`      ${paint.dim('look at')} ${paint.cyan(idsOf(strays))}`);
  }
  if (answer.reason)
    lines.push(
      isLack(answer)
        ? `    ${paint.yellow(`${answer.status === 'linked' ? 'open' : 'why'}: ${clean(answer.reason)}`)}`
        : `    ${reasonTitle(answer)}: ${clean(answer.reason)}`,
    );
  for (const flag of answer.flags) lines.push(`    ${paint.red(`look at: ${warnings[flag]}`)}`);
  for (const claim of claimTexts(answer)) lines.push(`    ${paint.dim(claim)}`);
  return lines;
}

/** Identity Center hands out another key than the one STS logs: that nobody uses the logged one is no finding. */
function unused({ kind }: SessionAnswer): string {
  return kind === 'identity-center'
    ? 'issued, not used in these logs: STS logged this key, Identity Center hands out another'
    : 'issued, never used in these logs';
}

const marks: Record<Status, (paint: Paint) => string> = {
  linked: paint => paint.green('●'),
  ambiguous: paint => paint.yellow('◐'),
  delivered: paint => paint.green('◍'),
  unlinked: paint => paint.red('○'),
  unknown: paint => paint.yellow('◌'),
  claimed: paint => paint.yellow('◌'),
};

const nobody: Record<Status, string> = {
  linked: 'nobody named',
  ambiguous: 'one of several',
  delivered: 'named by the record',
  unlinked: 'nobody known',
  unknown: 'unknown',
  claimed: 'nobody named',
};

/** `jsmith (user, account 1111...) → CrossAccountTest (account 9999...)`, and what it is, where that is not said by then. */
export function headline(answer: SessionAnswer, paint: Paint, people: People = noNames): string {
  const { origin, status } = answer;
  const mark = marks[status](paint);
  const parts = [];
  const named = origin && nameParty(origin, people);
  if (named) parts.push(`${paint.bold(named.name)} ${paint.dim(`(${named.what})`)}`);
  else parts.push(paint.bold(paint.red(nobody[status])));
  const steps = stepsTo(answer);
  for (const [index, { name, what }] of steps.entries()) {
    const last = index === steps.length - 1;
    parts.push(`${paint.bold(name)}${last && what ? ` ${paint.dim(`(${what})`)}` : ''}`);
  }
  const kind = kindBeside(answer.kind, named?.what ?? '');
  return `  ${mark} ${parts.join(' → ')}${kind ? ` · ${paint.bold(kind)}` : ''}`;
}

/** Refused attempts to assume an audited role, one line each. */
export function deniedLines(
  denied: readonly (RefusedAttempt & Partial<ExplainedAttempt>)[],
  paint: Paint,
): string[] {
  const inTime = [...denied].sort((a, b) => (a.eventTime < b.eventTime ? -1 : 1));
  return inTime.map(({ eventTime, caller, role, errorCode, eventID, denial }) =>
    [
      `  ${paint.red('✕')} ${day(eventTime)}  ${paint.bold(clean(caller))} was refused`,
      `${paint.bold(nameRole(role).name)} ${paint.dim(`(${clean(denial ? refusalText(denial, errorCode) : (errorCode ?? 'no error code'))})`)}`,
      paint.cyan(clean(eventID)),
    ].join(' '),
  );
}

export interface Stories {
  /** linked, or named by the record where no issuance can be expected */
  explained: SeenSession[];
  open: SeenSession[];
  /** how many are left out, because all they did was a hop of a story that is shown */
  within: number;
}

/**
 * Sessions in the order they began, then of their first call, those that are not explained apart. One whose every call is an issuance in another's
 * chain is not shown by itself: it is shown there, hop by hop.
 */
export function inStoryOrder(sessions: readonly SeenSession[]): Stories {
  const hops = new Set(sessions.flatMap(({ answer }) => answer.chain.flatMap(citedBy)));
  const shown = sessions
    .filter(({ calls, strays }) => {
      const shown = [...calls, ...strays];
      return shown.length === 0 || !shown.every(call => hops.has(call.eventID));
    })
    .sort((a, b) => order(a.answer.began, b.answer.began) || order(firstCall(a), firstCall(b)));
  const isExplained = ({ answer }: SeenSession) => ['linked', 'delivered'].includes(answer.status);
  return {
    explained: shown.filter(isExplained),
    open: shown.filter(session => !isExplained(session)),
    within: sessions.length - shown.length,
  };
}

/** When it was first used; one that never was comes last. */
function firstCall({ calls, strays }: SeenSession): string {
  return [...calls, ...strays].map(({ eventTime }) => eventTime).sort()[0] ?? '~';
}

function order(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

/** What is at stake in one line: `12 sessions explained, 1 not, 3 attempts refused`. */
export function storyCount(explained: number, open: number, denied: number): string {
  return [
    `${plural(explained, 'session')} explained`,
    `${open} not`,
    `${plural(denied, 'attempt')} refused`,
  ].join(', ');
}
