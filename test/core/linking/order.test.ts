import fc from 'fast-check';
import { answerCall } from '../../../core/linking/call-answer.ts';
import { correlate } from '../../../core/linking/correlate.ts';
import { factsOf } from '../../../core/linking/facts.ts';
import { MemorySessionStore } from '../../../core/linking/memory-store.ts';
import { copiesAmong } from '../../../core/linking/one-call.ts';
import { useOf } from '../../../core/linking/use.ts';
import type { AuditEvent } from '../../../core/records/event.ts';
import { eventsOfIdentity, identityCases } from './identity-case.ts';
import { eventsOf, linkingCases } from './linking-case.ts';
import { story } from './story.ts';
import { unrecordedStory } from './unrecorded-story.ts';

const stories = [...linkingCases().map(eventsOf), ...identityCases().map(eventsOfIdentity)].filter(
  events => events.length > 1,
);

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

interface Delivered {
  events: AuditEvent[];
  order: number[];
  cuts: number[];
  killed: boolean[];
  turns: Iterable<number>;
}

interface Delivery {
  events: AuditEvent[];
  /** dies after its facts are written, before an answer is; comes again later */
  killed: boolean;
}

/** Every event at least once, some again, in any order, cut into batches, some killed in the middle. */
const deliveryOf = (events: AuditEvent[]) =>
  fc.record({
    events: fc.constant(events),
    order: fc.array(fc.nat(events.length - 1), { maxLength: 4 }).chain(again =>
      fc
        .shuffledSubarray([...events.keys(), ...again.map((_, n) => n + events.length)], {
          minLength: events.length + again.length,
        })
        .map(places =>
          places.map(place => (place < events.length ? place : (again[place - events.length] as number))),
        ),
    ),
    cuts: fc.array(fc.constantFrom(1, 1, 1, 2, 3), { minLength: 12, maxLength: 12 }),
    killed: fc.array(fc.boolean(), { minLength: 12, maxLength: 12 }),
    turns: fc.infiniteStream(fc.oneof(fc.constant(0), fc.nat(24))),
  });

const written = fc.constantFrom(...stories).chain(deliveryOf);
const generated = story.chain(({ events, truth, copies }) =>
  fc.tuple(deliveryOf(events), fc.constant(truth), fc.constant(copies)),
);

const unrecorded = unrecordedStory.chain(({ events, truth }) =>
  fc.tuple(deliveryOf(events), fc.constant(truth)),
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

async function sameStored({ events, order, cuts, killed, turns }: Delivered): Promise<MemorySessionStore> {
  const plain = new MemorySessionStore();
  await correlate(events, plain);
  const inTurn = new MemorySessionStore();
  for (const each of deliveries(events, order, cuts, killed)) await deliver(each, inTurn);
  expect(JSON.stringify(inTurn.all())).toBe(JSON.stringify(plain.all()));
  const next = turns[Symbol.iterator]();
  const atOnce = new SlowStore(() => next.next().value as number);
  await Promise.all(deliveries(events, order, cuts, killed).map(each => deliver(each, atOnce)));
  expect(JSON.stringify(atOnce.all())).toBe(JSON.stringify(plain.all()));
  return inTurn;
}

const isCall = ({ eventID }: AuditEvent) => eventID.includes('call-');
const recordOf = (event: AuditEvent) => ({ ...event, callerAccount: event.caller.accountId });

const runs = Number(process.env.ROLETRAIL_PROPERTY_RUNS ?? 200);

describe('the stored answer', () => {
  test(`of the cases is the same to the byte however they are delivered (${runs} deliveries)`, async () => {
    await fc.assert(
      fc.asyncProperty(written, async delivered => void (await sameStored(delivered))),
      { numRuns: runs },
    );
  });

  test(`of generated stories is so too, and is the truth (${runs} deliveries)`, async () => {
    await fc.assert(
      fc.asyncProperty(generated, async ([delivered, truth, copies]) => {
        const store = await sameStored(delivered);
        const calls = new Map(delivered.events.map(event => [event.eventID, event]));
        for (const { eventID, linked, chain, origin } of truth) {
          const call = calls.get(eventID) as AuditEvent;
          const { answers } = await store.read(call.credential as string);
          const { status, answer } = answerCall({ ...call, use: useOf(call).hash }, answers);
          expect([eventID, status]).toEqual([eventID, linked ? 'linked' : 'unlinked']);
          expect(answer?.chain.map(hop => hop.eventIDs)).toEqual(chain);
          expect(answer?.origin?.arn ?? answer?.origin?.principalId ?? null).toBe(origin);
          expect(answer?.flags ?? []).not.toContain('used-after-expiry');
        }
        const inTurn = delivered.order.map(place => delivered.events[place] as AuditEvent);
        expect(Object.fromEntries(copiesAmong(inTurn.filter(isCall).map(recordOf)))).toEqual(copies);
      }),
      { numRuns: runs },
    );
  });

  test(`of keys that no record issued is so too, and names whom AWS's records prove and nobody else (${runs} deliveries)`, async () => {
    await fc.assert(
      fc.asyncProperty(unrecorded, async ([delivered, truth]) => {
        const store = await sameStored(delivered);
        const calls = new Map(delivered.events.map(event => [event.eventID, event]));
        for (const { eventID, status, person } of truth) {
          const call = calls.get(eventID) as AuditEvent;
          const { answers } = await store.read(call.credential as string);
          const found = answerCall({ ...call, use: useOf(call).hash }, answers);
          const kind = ['linked', 'ambiguous'].includes(found.status) ? found.status : 'not-linked';
          expect([eventID, kind]).toEqual([eventID, status]);
          const origin = found.answer?.origin;
          const told = kind === 'not-linked' ? null : (origin?.arn ?? origin?.principalId ?? null);
          expect([eventID, told]).toEqual([eventID, person]);
          // Identity Center names its sessions after the person; anybody else chooses a name.
          if (call.caller.session?.issuer?.arn?.includes('/Deployer'))
            expect(JSON.stringify([origin ?? null, found.answer?.named ?? null])).not.toContain(
              'ceo@example.com',
            );
        }
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
