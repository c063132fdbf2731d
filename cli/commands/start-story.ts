import type { RefusedAttempt } from '../../core/linking/refused.ts';
import type { People } from '../people/people.ts';
import type { SeenSession } from '../queries/seen-session.ts';
import type { StandingAlert } from '../queries/standing-alerts.ts';
import { summaryLines } from '../replay/summary-lines.ts';
import type { Summary } from '../report/report.ts';
import { alertLines } from '../views/terminal/alerts.ts';
import { deniedLines, inStoryOrder, storyCount, storyOf } from '../views/terminal/story.ts';
import { shellWord } from '../views/text/format.ts';
import type { Paint } from '../views/text/paint.ts';

/** What the samples came to, replayed or traced. */
export interface Stories {
  sessions: readonly SeenSession[];
  denied: readonly RefusedAttempt[];
  alerts: readonly StandingAlert[];
  /** what was not processed, as lines */
  refused: readonly string[];
  summary: Summary;
  /** commands that look closer, beside those that ask for who is behind an event */
  closer: readonly string[];
}

/** The stories of the samples, and where to look closer. `state`: as its user named it. */
export function* storyLines(told: Stories, state: string, paint: Paint, people: People): Generator<string> {
  const { explained, open } = inStoryOrder(told.sessions);
  const denied = [...told.denied].sort((a, b) => (a.eventTime < b.eventTime ? -1 : 1));
  yield `${paint.bold('roletrail')}  who really did that?  ${paint.dim(storyCount(explained.length, open.length, denied.length))}`;
  for (const session of explained) yield* ['', ...storyOf(session, paint, people)];
  if (open.length > 0) yield `\n${paint.bold('Not explained by these logs')}`;
  for (const session of open) yield* storyOf(session, paint, people);
  if (told.alerts.length > 0) yield `\n${paint.bold('Alerted')}`;
  yield* alertLines(told.alerts, paint);
  if (denied.length > 0) yield `\n${paint.bold('Refused attempts')}`;
  yield* deniedLines(denied, paint);
  if (told.refused.length > 0) yield `\n${paint.bold('Not processed')}`;
  yield* told.refused;

  yield `\n${paint.bold('Look closer')}`;
  const at = state === '.roletrail' ? '' : ` --state ${shellWord(state)}`;
  const example = explained[0];
  const eventID = example?.calls[0]?.eventID ?? example?.answer.issuerEventIDs[0];
  if (eventID) yield `  npx roletrail who ${shellWord(eventID)}${at}`;
  const origin = explained.findLast(({ answer }) => answer.chain.length > 1)?.answer.origin?.arn;
  if (origin) yield `  npx roletrail who ${shellWord(origin)}${at}`;
  yield `  npx roletrail sessions --unlinked${at}`;
  for (const command of told.closer) yield `  npx roletrail ${command}${at}`;
  yield `  npm start -- --console                      ${paint.dim('in your browser')}`;
  yield `  npx roletrail trace PATH                    ${paint.dim('your own logs')}`;
  yield `  npm run replay -- PATH                      ${paint.dim('your own logs, through the deployed pipeline')}`;
  yield '';
  for (const line of summaryLines(told.summary, paint)) yield paint.dim(line);
}
