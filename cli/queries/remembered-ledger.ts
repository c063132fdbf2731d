import type { CoverageLedger } from '../../core/coverage/session-coverage.ts';
import { hourOf } from '../../core/records/times.ts';

/** A ledger that is asked once for each thing: many sessions of one list ask for the same hours. */
export function remembered(ledger: CoverageLedger): CoverageLedger {
  const known = new Map<string, Promise<unknown>>();
  const once = <T>(name: string, ask: () => Promise<T>): Promise<T> => {
    const found = (known.get(name) as Promise<T> | undefined) ?? ask();
    known.set(name, found);
    return found;
  };
  return {
    coverage: async (account, from, to) => {
      const days = [...new Set([from.slice(0, 10), to.slice(0, 10)])];
      const asked = days.map(day =>
        once(`coverage ${account} ${day}`, () =>
          ledger.coverage(account, `${day}T00:00:00Z`, `${day}T23:59:59Z`),
        ),
      );
      const hours = (await Promise.all(asked)).flat();
      return hours.filter(({ hour }) => hour >= hourOf(from) && hour <= hourOf(to));
    },
    first: (account, region) => once(`first ${account} ${region}`, () => ledger.first(account, region)),
    logsReads: account => once(`reads ${account}`, () => ledger.logsReads(account)),
  };
}
