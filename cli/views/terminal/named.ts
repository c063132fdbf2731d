import type { SessionAnswer } from '../../../core/linking/session-answer.ts';
import type { Proofs } from '../../integrity/proofs.ts';
import type { People } from '../../people/people.ts';
import type { Answered } from '../../queries/lookup.ts';
import { type FoundByName, meanings } from '../../queries/lookup-names.ts';
import { clean } from '../text/clean.ts';
import { plural, shellWord } from '../text/format.ts';
import type { Paint } from '../text/paint.ts';
import { answerLines } from './answer.ts';
import { meaningText } from './meanings.ts';
import { sessionLine } from './session-list.ts';

interface Looks {
  paint: Paint;
  full: boolean;
  people: People;
}

/** More sessions than this are listed, not explained, unless asked for. */
const mostExplained = 5;

/** Sessions one by one: explained where they are few, else a line each. */
export function sessionLines(
  sessions: readonly SessionAnswer[],
  proofs: Proofs,
  looks: Looks,
  explained = looks.full || sessions.length <= mostExplained,
): string[] {
  const { paint, people } = looks;
  if (explained) return sessions.flatMap(answer => ['', ...answerLines(answer, paint, proofs, people)]);
  return [
    ...sessions.map(answer => sessionLine(answer, paint, people)),
    '',
    `${plural(sessions.length, 'session')}: --full explains each, or ask for one by its name`,
  ];
}

/** The sentence on a role that is only known from the chains of others. */
export const noSession =
  'no session of this role is here: it was a hop on the way to sessions of other roles';

/** Who and what has a name, by what it is to them. */
export function namedLines(found: FoundByName & Pick<Answered, 'proofs'>, looks: Looks): string[] {
  const { sessions, as, roles, proofs } = found;
  const { paint } = looks;
  const lines = roles.map(arn => `  ${paint.dim('a role')}  ${clean(arn)}`);
  if (sessions.length === 0) lines.push(`  ${noSession}`);
  const explained = looks.full || sessions.length <= mostExplained;
  for (const meaning of meanings) {
    const those = sessions.filter(answer => as[answer.session] === meaning);
    if (those.length === 0) continue;
    lines.push(`  ${meaningText(meaning, those.length)}`);
    const own = sessionLines(those, proofs, looks, explained);
    lines.push(...(explained ? own : own.slice(0, -2)));
  }
  if (!explained) lines.push('', 'newest first; --full explains each, or ask for one by its name');
  const more = moreText(found);
  if (more) lines.push('', `${more}: ${wayOn(found)}`);
  return lines;
}

function wayOn({ subject, sessions, as }: FoundByName): string {
  const all = new Set(sessions.map(answer => as[answer.session]));
  const [one] = all.size === 1 ? all : [];
  if (one === 'who') return `roletrail sessions --origin ${shellWord(subject)} lists them, oldest first`;
  if (one === 'role') return `roletrail sessions --role ${shellWord(subject)} lists them, oldest first`;
  return '--limit N shows more of them';
}

/** `and 1,234 more`; null where all are shown. */
export function moreText({ more, uncounted }: Pick<FoundByName, 'more' | 'uncounted'>): string | null {
  if (!uncounted) return more > 0 ? `and ${more.toLocaleString('en-US')} more` : null;
  return more > 0 ? `and more than ${more.toLocaleString('en-US')} more` : 'and more';
}
