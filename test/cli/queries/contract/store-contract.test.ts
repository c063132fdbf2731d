import type { Store } from '../../../../cli/queries/store.ts';
import { embeddedStore } from './embedded-store.ts';
import { evidenceContract } from './evidence.ts';
import { filledMemory } from './filled-memory.ts';
import { type Given, given } from './given.ts';
import { logsContract } from './logs.ts';
import { recordsContract } from './records.ts';
import { runsContract } from './runs.ts';
import { sessionsContract } from './sessions.ts';

/** Every store that the commands and the console may stand on; what holds here holds for all of them. */
const stores: [string, (given: Given) => Promise<{ store: Store; close(): Promise<void> }>][] = [
  ['in memory', filledMemory],
  ['as deployed, in the embedded cloud', embeddedStore],
];

describe.each(stores)('the store %s', (_, open) => {
  let opened: Awaited<ReturnType<typeof open>> | undefined;
  beforeAll(async () => {
    opened = await open(await given());
  });
  afterAll(() => opened?.close());

  const asked = () => {
    if (!opened) throw new Error('the store is not open');
    return opened.store;
  };
  evidenceContract(asked);
  recordsContract(asked);
  sessionsContract(asked);
  logsContract(asked);
  runsContract(asked);
});
