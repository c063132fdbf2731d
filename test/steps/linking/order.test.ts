import fc from 'fast-check';
import type { AuditEvent } from '../../../steps/cloudtrail/event.ts';
import { correlate } from '../../../steps/linking/correlate.ts';
import { factsOf } from '../../../steps/linking/facts.ts';
import { MemorySessionStore } from '../../../steps/linking/memory-store.ts';
import { eventsOf, linkingCases } from './linking-case.ts';

const stories = linkingCases()
  .map(eventsOf)
  .filter(events => events.length > 1);

/** A store whose every answer comes after a random number of turns: executions at once interleave in every way. */
class SlowStore extends MemorySessionStore {
  readonly #turns: () => number;
  constructor(turns: () => number) {
    super();
    this.#turns = turns;
  }
  async #wait() {
    for (let turn = this.#turns(); turn > 0; turn -= 1) await null;
  }
  override async writeFacts(facts: Parameters<MemorySessionStore['writeFacts']>[0]) {
    await this.#wait();
    await super.writeFacts(facts);
    await this.#wait();
  }
  override async read(credential: string) {
    await this.#wait();
    const state = await super.read(credential);
    await this.#wait();
    return state;
  }
  override async children(credential: string) {
    await this.#wait();
    return super.children(credential);
  }
  override async replace(...args: Parameters<MemorySessionStore['replace']>) {
    await this.#wait();
    return super.replace(...args);
  }
}

interface Delivery {
  events: AuditEvent[];
  /** dies after its facts are written, before an answer is; comes again later */
  killed: boolean;
}

const delivered = fc.constantFrom(...stories).chain(events =>
  fc.record({
    events: fc.constant(events),
    // Every event at least once, some again, in any order.
    order: fc.array(fc.nat(events.length - 1), { maxLength: 4 }).chain(again =>
      fc
        .shuffledSubarray([...events.keys(), ...again.map(i => i + events.length)], {
          minLength: events.length + again.length,
        })
        .map(places => places.map(place => (place < events.length ? place : place - events.length))),
    ),
    cuts: fc.array(fc.constantFrom(1, 1, 1, 2, 3), { minLength: 12, maxLength: 12 }),
    killed: fc.array(fc.boolean(), { minLength: 12, maxLength: 12 }),
    turns: fc.infiniteStream(fc.oneof(fc.constant(0), fc.nat(24))),
  }),
);

function deliveries(events: AuditEvent[], order: number[], cuts: number[], killed: boolean[]): Delivery[] {
  const all: Delivery[] = [];
  let at = 0;
  for (let batch = 0; at < order.length; batch += 1) {
    const size = cuts[batch % cuts.length] as number;
    const places = order.slice(at, at + size);
    all.push({
      events: places.map(place => events[place] as AuditEvent),
      killed: killed[batch % killed.length] as boolean,
    });
    at += size;
  }
  return all;
}

async function deliver({ events, killed }: Delivery, store: MemorySessionStore): Promise<void> {
  if (killed) await store.writeFacts(factsOf(events));
  await correlate(events, store);
}

const runs = Number(process.env.ROLETRAIL_PROPERTY_RUNS ?? 1_000);

describe('the stored answer', () => {
  test(`is the same to the byte for every order, duplication, split and retry (${runs} deliveries)`, async () => {
    await fc.assert(
      fc.asyncProperty(delivered, async ({ events, order, cuts, killed, turns }) => {
        const plain = new MemorySessionStore();
        await correlate(events, plain);
        const inTurn = new MemorySessionStore();
        for (const each of deliveries(events, order, cuts, killed)) await deliver(each, inTurn);
        expect(JSON.stringify(inTurn.all())).toBe(JSON.stringify(plain.all()));
        const next = turns[Symbol.iterator]();
        const atOnce = new SlowStore(() => next.next().value as number);
        await Promise.all(deliveries(events, order, cuts, killed).map(each => deliver(each, atOnce)));
        expect(JSON.stringify(atOnce.all())).toBe(JSON.stringify(plain.all()));
      }),
      { numRuns: runs },
    );
  });

  test('is not empty: the stories hold answers', async () => {
    for (const events of stories) {
      const store = new MemorySessionStore();
      await correlate(events, store);
      expect(Object.keys(store.all()).length).toBeGreaterThan(0);
    }
  });
});
