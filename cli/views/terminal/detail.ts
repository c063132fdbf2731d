import type { People } from '../../people/people.ts';
import type { Activity } from '../../queries/activity.ts';
import { addressesIn, peopleIn, resourcesIn, rolesIn } from '../../queries/summaries.ts';
import { linkedText } from '../text/linked-text.ts';
import type { Listed } from '../text/listed.ts';
import type { Paint } from '../text/paint.ts';
import { sessionLine } from './session-list.ts';
import { addressList, personList, resourceList, roleList } from './summary-lists.ts';

interface Looks {
  paint: Paint;
  people: People;
  /** lines of each list */
  most?: number | undefined;
}

const mostShown = 20;

/** What was done, from every side but the one that is asked for: who, under which roles, from where, to what, in which sessions. */
export function detailLines(activity: Activity, asked: string, looks: Looks): string[] {
  const { paint, people, most = mostShown } = looks;
  const { counts, sessions } = activity;
  const lines = ['', linkedText(counts)];
  const part = <T>(name: string, head: string, rows: T[], listed: Listed<T>, by: string) => {
    if (name === asked || rows.length === 0) return;
    const order = listed.sorts?.[by] ?? (() => 0);
    const shown = [...rows].sort(order).slice(0, most);
    const rest = rows.length - shown.length;
    lines.push('', paint.bold(head), ...listed.lines(shown));
    if (rest > 0) lines.push(`  and ${rest.toLocaleString('en-US')} more: --limit N shows more`);
  };
  part('people', 'Who', peopleIn(activity), personList(people), 'calls');
  part('roles', 'Under', rolesIn(activity), roleList, 'calls');
  part('addresses', 'From', addressesIn(activity), addressList, 'calls');
  part('resources', 'Touched', resourcesIn(activity), resourceList, 'writes');
  if (sessions.length === 0) return lines;
  const newest = [...sessions].reverse().slice(0, most);
  lines.push(
    '',
    paint.bold('Sessions, newest first'),
    ...newest.map(({ answer }) => sessionLine(answer, paint, people)),
  );
  const rest = sessions.length - newest.length;
  if (rest > 0) lines.push(`  and ${rest.toLocaleString('en-US')} more: --limit N shows more`);
  return [...lines, '', 'times are UTC; roletrail calls lists the calls, roletrail who SESSION explains one'];
}
