import { itemsOf } from '../../../../cli/queries/page.ts';
import type { Store } from '../../../../cli/queries/store.ts';
import { embeddedStore } from './embedded-store.ts';
import { evidenceContract } from './evidence.ts';
import { filledMemory } from './filled-memory.ts';
import { filledTrace } from './filled-trace.ts';
import { bucket, type Given, given, whole } from './given.ts';
import { logsContract, verdictsContract } from './logs.ts';
import { recordsContract } from './records.ts';
import { executionsContract, quarantineContract } from './runs.ts';
import { alertsContract, sessionsContract } from './sessions.ts';

type Open = (given: Given) => Promise<{ store: Store; close(): Promise<void> }>;

/** Every store that the commands and the console may stand on; what holds here holds for all of them. */
const stores: [string, Open][] = [
  ['in memory', filledMemory],
  ['as deployed, in the embedded cloud', embeddedStore],
  ['of a trace', filledTrace],
];

function opened(open: Open): () => Store {
  let found: Awaited<ReturnType<Open>> | undefined;
  beforeAll(async () => {
    found = await open(await given());
  });
  afterAll(() => found?.close());
  return () => {
    if (!found) throw new Error('the store is not open');
    return found.store;
  };
}

describe.each(stores)('the store %s', (name, open) => {
  const asked = opened(open);
  evidenceContract(asked);
  recordsContract(asked);
  sessionsContract(asked);
  logsContract(asked);
  // Nothing is executed, watched, set aside or checked by a trace.
  if (name === 'of a trace') return;
  alertsContract(asked);
  verdictsContract(asked);
  executionsContract(asked);
  quarantineContract(asked);
});

describe('the store of a trace', () => {
  const asked = opened(filledTrace);

  test('has what executions, the watch and the check of digests leave behind: nothing', async () => {
    const { executions, alerts, integrity } = asked();
    expect(await Array.fromAsync(itemsOf(executions.list()))).toEqual([]);
    expect(await executions.describe('logs-one')).toBeNull();
    expect(await Array.fromAsync(alerts.newestFirst())).toEqual([]);
    expect(await integrity.file(bucket, whole)).toEqual([]);
    expect(await integrity.digests('999999999999', 'us-east-1', '2025', '2026')).toEqual([]);
  });
});
