import { UsageError } from '../../../cli/failure.ts';
import type { DescribedExecution, ExecutionEvent } from '../../../cli/queries/execution-store.ts';
import type { Page, PageAsked } from '../../../cli/queries/page.ts';
import type { Quarantined } from '../../../cli/queries/quarantine-store.ts';
import type { Store } from '../../../cli/queries/store.ts';

/** What executions left behind, in any order. */
export interface HeldRuns {
  executions: DescribedExecution[];
  /** by ARN */
  histories: Record<string, ExecutionEvent[]>;
  definition: string;
  quarantined: Quarantined[];
  /** ids of entries that were sent again */
  retried: string[];
}

/** The part of the store in memory that tells of executions and of what they set aside. */
export function memoryRuns(held: Partial<HeldRuns>): Pick<Store, 'executions' | 'quarantine'> {
  const { executions = [], histories = {}, definition = '{}', quarantined = [], retried = [] } = held;
  return {
    executions: {
      async *list({ status, ...asked } = {}) {
        const wanted = executions.filter(each => !status || each.status === status);
        const newest = wanted.sort((a, b) => ((a.started ?? '') < (b.started ?? '') ? 1 : -1));
        yield* pages(
          newest.map(({ input: _, output: __, error: ___, cause: ____, ...listed }) => listed),
          asked,
        );
      },
      describe: async asked => executions.find(({ arn, name }) => arn === asked || name === asked) ?? null,
      async *history(arn) {
        yield* histories[arn] ?? [];
      },
      definition: async () => definition,
    },
    quarantine: {
      async *list({ since = '', ...asked } = {}) {
        const wanted = quarantined.filter(({ key }) => key >= `quarantine/${since}`);
        const listed = wanted.map(({ key, header: { at } }) => ({ key, at }));
        yield* pages(
          listed.sort((a, b) => (a.key < b.key ? -1 : 1)),
          asked,
        );
      },
      read: async key => {
        const found = quarantined.find(each => each.key === key);
        if (!found) throw new UsageError(`${key} is not in quarantine`);
        return found;
      },
      async *retried() {
        yield* retried;
      },
    },
  };
}

async function* pages<T>(
  items: readonly T[],
  { from = '0', perPage = 100 }: PageAsked,
): AsyncGenerator<Page<T>> {
  for (let at = Number(from); at < items.length; at += perPage) {
    const next = at + perPage < items.length ? String(at + perPage) : null;
    yield { items: items.slice(at, at + perPage), next };
  }
}
