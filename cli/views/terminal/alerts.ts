import type { StandingAlert } from '../../queries/standing-alerts.ts';
import { clean } from '../text/clean.ts';
import { day } from '../text/format.ts';
import type { Paint } from '../text/paint.ts';
import { nameRole } from './party.ts';

/** More are counted, not shown: `sessions --unlinked` has them all. */
const mostShown = 10;

/** What was sent to the alarm topic and the event bus, a line each. */
export function alertLines(alerts: readonly StandingAlert[], paint: Paint): string[] {
  const lines = alerts.slice(0, mostShown).map(({ session, accessKeyId, roleArn, firstSeen, firstCall }) => {
    const what = firstCall
      ? ` with ${clean(firstCall.eventSource.replace('.amazonaws.com', ''))} ${clean(firstCall.eventName)} from ${clean(firstCall.sourceIPAddress ?? 'nowhere')}`
      : '';
    return [
      `  ${paint.red('▲')} ${firstSeen ? day(firstSeen) : 'at an unknown time'}  ${paint.bold(clean(accessKeyId ?? session))}`,
      `of ${nameRole(roleArn).name} appeared${what}; nothing explains where it came from`,
    ].join(' ');
  });
  const more = alerts.length - mostShown;
  return more > 0 ? [...lines, `  and ${more.toLocaleString('en-US')} more`] : lines;
}
