import type { SessionAnswer } from '../../../core/linking/session-answer.ts';
import type { People } from '../../people/people.ts';
import { clean } from '../text/clean.ts';
import { day } from '../text/format.ts';
import type { Listed } from '../text/listed.ts';
import type { Paint } from '../text/paint.ts';
import { kinds } from './kinds.ts';
import { lineage } from './lineage.ts';
import { nameParty } from './party.ts';
import { headline } from './story.ts';

/** One line of a session: who, through which roles, of what kind, how it came about, and when. */
export function sessionLine(answer: SessionAnswer, paint: Paint, people: People): string {
  const came = lineage(answer, people);
  return [
    headline(answer, paint, people),
    ...(came ? [paint.dim(came)] : []),
    day(answer.began),
    paint.dim(clean(answer.session)),
  ].join('  ');
}

export function sessionList(people: People, paint: Paint): Listed<SessionAnswer> {
  return {
    noun: ['session', 'sessions'],
    json: answer => people.beside(answer),
    columns: {
      session: ({ session }) => session,
      status: ({ status }) => status,
      began: ({ began }) => began,
      issued: ({ issuedAt }) => issuedAt,
      expires: ({ expiresAt }) => expiresAt,
      who: ({ origin }) => origin && nameParty(origin, people).name,
      origin: ({ origin }) => origin?.arn ?? origin?.principalId,
      account: ({ origin }) => origin?.accountId,
      kind: ({ kind }) => kind && kinds[kind],
      lineage: answer => lineage(answer, people),
      role: ({ roleArn }) => roleArn,
      sessionName: ({ sessionName }) => sessionName,
      accessKeyId: ({ accessKeyId }) => accessKeyId,
      flags: ({ flags }) => flags.join(' '),
      reason: ({ reason }) => reason,
    },
    lines: answers =>
      answers.flatMap(answer => [
        sessionLine(answer, paint, people),
        ...(answer.status !== 'linked' && answer.reason
          ? [`      ${paint.yellow(clean(answer.reason))}`]
          : []),
      ]),
    next: 'roletrail who SESSION explains one',
  };
}
