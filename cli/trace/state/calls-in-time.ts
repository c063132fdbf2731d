import type { Call } from '../../queries/seen-session.ts';
import { type Copies, ownRecords } from './copies.ts';
import type { State } from './state.ts';

interface SettingOfCall {
  account: string;
  credential: string | null;
  accessKey: string | null;
  use: string | null;
  region: string | null;
  callerAccount: string | null;
}

interface ActionOfCall {
  source: string;
  name: string;
  error: string | null;
}

type CallColumns = [
  eventID: string,
  time: string,
  action: number,
  setting: number,
  shared: string,
  amends: string,
];

/** What many calls share is held, up to so many. */
const mostHeld = 50_000;

/** The calls that a report is made of, by their time. */
export class CallsInTime {
  readonly #state: State;
  readonly #settings = new Map<number, SettingOfCall | undefined>();
  readonly #actions = new Map<number, ActionOfCall | undefined>();

  /** `_`: tells which of several records of an event is the call's */
  constructor(state: State, _: Copies) {
    this.#state = state;
  }

  *[Symbol.iterator](): Generator<Call> {
    const sql = `SELECT eventID, time, action, setting, shared, amends FROM records WHERE ${ownRecords} ORDER BY time`;
    for (const [eventID, time, action, setting, shared, amends] of this.#state.eachList<CallColumns>(sql)) {
      const shown = this.#setting(setting);
      const done = this.#action(action);
      if (!shown || !done || shown.credential === null) continue;
      yield {
        eventID,
        recipientAccountId: shown.account,
        eventTime: time,
        eventSource: done.source,
        eventName: done.name,
        accessKeyId: shown.accessKey,
        credential: shown.credential,
        use: shown.use ?? '',
        errorCode: done.error,
        awsRegion: shown.region,
        sharedEventID: shared,
        amends,
        callerAccount: shown.callerAccount,
      };
    }
  }

  #setting(setting: number): SettingOfCall | undefined {
    return held(this.#settings, setting, () =>
      this.#state.get<SettingOfCall>(
        'SELECT account, credential, accessKey, use, region, callerAccount FROM settings WHERE setting = ?',
        setting,
      ),
    );
  }

  #action(action: number): ActionOfCall | undefined {
    return held(this.#actions, action, () =>
      this.#state.get<ActionOfCall>('SELECT source, name, error FROM actions WHERE action = ?', action),
    );
  }
}

function held<T>(known: Map<number, T>, name: number, read: () => T): T {
  if (known.has(name)) return known.get(name) as T;
  if (known.size >= mostHeld) known.clear();
  const found = read();
  known.set(name, found);
  return found;
}
