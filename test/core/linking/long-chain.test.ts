import { correlate } from '../../../core/linking/correlate.ts';
import { FactCollector } from '../../../core/linking/facts.ts';
import { MemorySessionStore } from '../../../core/linking/memory-store.ts';
import { Settling } from '../../../core/linking/settle.ts';
import type { AuditEvent } from '../../../core/records/event.ts';
import { account, dana, hop, key } from './chain.ts';

const hops = Number(process.env.ROLETRAIL_CHAIN ?? 150);

/** Counts what is asked of it, and how often the answers of one credential are replaced. */
class CountingStore extends MemorySessionStore {
  reads = 0;
  replaced = new Map<string, number>();
  override async read(credential: string) {
    this.reads += 1;
    return super.read(credential);
  }
  override async replace(...args: Parameters<MemorySessionStore['replace']>) {
    this.replaced.set(args[0], (this.replaced.get(args[0]) ?? 0) + 1);
    return super.replace(...args);
  }
}

const oldestFirst = Array.from({ length: hops }, (_, n) => hop(n));
const orders = {
  'oldest first': oldestFirst,
  'newest first': oldestFirst.toReversed(),
  // 7 and 150 share no divisor: each hop once, none beside its neighbour
  mixed: oldestFirst.map((_, n) => oldestFirst[(n * 7) % hops] as AuditEvent),
};
const plain = new MemorySessionStore();

beforeAll(() => correlate(oldestFirst, plain));

test('the chain is followed to 64 hops and then open, the others end with the user', async () => {
  const [last] = (await plain.read(key(hops - 1))).answers;
  expect(last).toMatchObject({ status: 'linked', reason: 'the chain was followed for 64 hops only' });
  expect(last?.chain).toHaveLength(64);
  const [near] = (await plain.read(key(63))).answers;
  expect(near).toMatchObject({ status: 'linked', reason: null, origin: { arn: dana(account).arn } });
  expect(near?.chain).toHaveLength(64);
});

describe.each(Object.entries(orders))('a chain that comes %s', (_, events) => {
  test(`in one batch: each partition is read once and each answer written once (${hops} hops)`, async () => {
    const store = new CountingStore();
    await correlate(events, store);
    // A hop has two: its key's, and that of its session by principal and date.
    expect(store.reads).toBeLessThanOrEqual(2 * hops + 2);
    expect(Math.max(...store.replaced.values())).toBe(1);
    expect(store.all()).toEqual(plain.all());
  });

  test('hop by hop: what a delivery reads does not grow with the chain, and settles each dependant once', async () => {
    const store = new CountingStore();
    const reads: number[] = [];
    for (const delivered of firstAndLastAlone(events)) {
      const before = store.reads;
      store.replaced.clear();
      await correlate(delivered, store);
      if (delivered.length === 1) reads.push(store.reads - before);
      expect(Math.max(...store.replaced.values())).toBe(1);
    }
    // 64 hops behind it and 64 before it, two partitions each, and sessions without answers a little further down.
    expect(Math.max(...reads)).toBeLessThanOrEqual(2 * (64 + 64 + 64 + 16));
    expect(store.all()).toEqual(plain.all());
  });
});

/** Ten hops one by one, then ten together at a time, and the last ten one by one, where the chain is as long as it gets. */
function firstAndLastAlone(events: AuditEvent[]): AuditEvent[][] {
  const deliveries: AuditEvent[][] = [];
  for (let at = 0; at < events.length; at += deliveries.at(-1)?.length ?? 0)
    deliveries.push(events.slice(at, at + (at < 10 || at >= events.length - 10 ? 1 : 10)));
  return deliveries;
}

test('settled a hop at a time, the last first: each is derived once, from itself and what it rests on', async () => {
  const chain = oldestFirst.slice(0, 20);
  const facts = new FactCollector();
  for (const event of chain) facts.add(event);
  const [whole, parts] = [new MemorySessionStore(), new CountingStore()];
  await correlate(chain, whole);
  await parts.writeFacts(facts.facts());
  // When
  const settling = new Settling(parts);
  for (const [n] of [...chain.entries()].reverse()) {
    await settling.settle([key(n)]);
    settling.forgetStates();
  }
  // Then: the first hop rests on itself, the second on two, and so on; beside each, its session by principal and date is looked at once.
  expect(parts.reads).toBe((20 * 21) / 2 + 20);
  for (const [n] of chain.entries()) {
    expect(parts.replaced.get(key(n))).toBe(1);
    expect((await parts.read(key(n))).answers).toEqual((await whole.read(key(n))).answers);
  }
});
