import type { TimeSpan } from '../../core/records/times.ts';
import { CliError } from '../failure.ts';
import { noNames, type People } from '../people/people.ts';
import { type Activity, activityBy, activityIn } from './activity.ts';
import { sessionsOf } from './sessions.ts';
import type { Store } from './store.ts';

type Asked = Pick<Store, 'records' | 'sessions' | 'names' | 'ledger' | 'graceMinutes'>;

/** Users of one name in a directory, whose sessions are looked for. */
const mostUsers = 5;

/** What somebody did, by any name of theirs. Throws CliError where nobody of that name is behind a session. */
export async function activityOfPerson(
  name: string,
  store: Asked,
  span: TimeSpan,
  people: People = noNames,
): Promise<Activity> {
  const names = [name, ...(await people.idsOf(name, mostUsers))];
  const behind = await Promise.all(names.map(each => Array.fromAsync(sessionsOf({ origin: each }, store))));
  if (behind.flat().length === 0)
    throw new CliError(`nobody called ${name} is behind a session here: roletrail people lists who is`);
  return activityBy(behind.flat(), store, span);
}

/** What was done under a role. Throws CliError where no session has it. */
export async function activityOfRole(name: string, store: Asked, span: TimeSpan): Promise<Activity> {
  return activityBy(await Array.fromAsync(sessionsOf({ role: name }, store)), store, span);
}

/** What was done from an address. Throws CliError where no call came from there. */
export async function activityOfAddress(name: string, store: Asked, span: TimeSpan): Promise<Activity> {
  const activity = await activityIn(store.records.ofAddress(name, span), store, span);
  return some(activity, `no call here came from ${name}: roletrail addresses lists where calls came from`);
}

/** What was done to a resource. Throws CliError where no call touched it. */
export async function activityOfResource(name: string, store: Asked, span: TimeSpan): Promise<Activity> {
  const activity = await activityIn(store.records.ofResource(name, span), store, span);
  return some(activity, `no call here touched ${name}: roletrail resources lists what calls touched`);
}

function some(activity: Activity, sentence: string): Activity {
  if (activity.calls.length === 0) throw new CliError(sentence);
  return activity;
}
