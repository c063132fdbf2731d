import fc from 'fast-check';
import { AuditedRoles } from '../../../core/identities/roles.ts';
import { correlate } from '../../../core/linking/correlate.ts';
import { MemorySessionStore } from '../../../core/linking/memory-store.ts';
import type { CredentialAnswers, SessionAnswer } from '../../../core/linking/session-answer.ts';
import { normalize } from '../../../core/reading/normalize.ts';
import type { AuditEvent } from '../../../core/records/event.ts';
import { RecordError } from '../../../core/records/read.ts';
import { alertOf, isUnexplained } from '../../../steps/watch/alert.ts';
import { story } from '../../core/linking/story.ts';
import { unrecordedStory } from '../../core/linking/unrecorded-story.ts';
import { forgedBy, insider, stranger } from './forged-event.ts';

const full = process.env.ROLETRAIL_HOSTILE === 'full';
const stories = Number(process.env.ROLETRAIL_ADVERSARY_STORIES ?? (full ? 2_000 : 200));
const eventsOfStory = 50;
const roles = new AuditedRoles(['*']);

/** The event as it gets through the door; null where it is refused, which it must be by name. */
function admitted(record: unknown, account: string): AuditEvent | null {
  try {
    const plain = JSON.parse(JSON.stringify(record));
    return normalize(plain, { source: 'topic', provenance: 'partner', account }, roles);
  } catch (error) {
    if (!(error instanceof RecordError)) throw error;
    return null;
  }
}

async function answersFrom(batches: AuditEvent[][]): Promise<Map<string, SessionAnswer>> {
  const store = new MemorySessionStore();
  for (const batch of batches) await correlate(batch, store);
  const stored = Object.values(store.all() as Record<string, CredentialAnswers>);
  return new Map(
    stored.flatMap(({ answers }) => answers).map(each => [`${each.session} ${each.credential}`, each]),
  );
}

/** What a person is shown of it, mails included, but for flags and claims. */
function shown({ flags: _, claims: __, asClaimed: ___, ...answer }: SessionAnswer): object {
  const alert = isUnexplained(answer) ? alertOf({ ...answer, flags: [] }, [], []) : null;
  return { answer, alert };
}

const generated = fc.oneof(story, unrecordedStory).chain(({ events }) =>
  fc.record({
    events: fc.constant(events),
    lies: fc.array(forgedBy(stranger, events), {
      minLength: eventsOfStory,
      maxLength: eventsOfStory,
    }),
    order: fc.infiniteStream(fc.nat(1_000)),
  }),
);

/** Truth and lies in one row, cut into batches of a few. */
function mixed(
  truth: readonly AuditEvent[],
  lies: readonly AuditEvent[],
  order: Iterable<number>,
): AuditEvent[][] {
  const next = order[Symbol.iterator]();
  const all = [...truth, ...lies].map(event => ({ event, place: next.next().value as number }));
  all.sort((one, other) => one.place - other.place);
  return Array.from({ length: Math.ceil(all.length / 7) }, (_, n) =>
    all.slice(7 * n, 7 * n + 7).map(each => each.event),
  );
}

test(`an adversary that knows all changes nothing that is shown, but for flags and claims (${stories * eventsOfStory} events)`, async () => {
  let admittedEvents = 0;
  await fc.assert(
    fc.asyncProperty(generated, async ({ events, lies, order }) => {
      const forged = lies.map(record => admitted(record, stranger)).filter(event => event !== null);
      admittedEvents += forged.length;
      const before = await answersFrom([events]);
      const after = await answersFrom(mixed(events, forged, order));
      for (const [name, answer] of before) {
        const now = after.get(name);
        expect({ name, shown: now && shown(now) }).toEqual({ name, shown: shown(answer) });
      }
      // Nothing of its own making looks like more than a claim.
      for (const [name, { status, used, origin }] of after) {
        if (before.has(name)) continue;
        expect({ used, status, origin: status === 'claimed' ? null : origin }).toMatchObject({
          used: false,
          origin: null,
        });
      }
    }),
    { numRuns: stories },
  );
  // Were all refused at the door, this would show little.
  expect(admittedEvents).toBeGreaterThan(stories);
  process.stdout.write(
    `adversary: ${stories * eventsOfStory} events, ${admittedEvents} admitted, nothing shown changed\n`,
  );
});

const provenFields = [
  'status',
  'arn',
  'principalId',
  'roleArn',
  'issuedAt',
  'expiresAt',
  'sourceIdentity',
  'used',
  'uses',
  'began',
] as const satisfies (keyof SessionAnswer)[];
const proven = (answer: SessionAnswer) => provenFields.map(field => [field, answer[field]]);

const byInsider = story.chain(({ events }) =>
  fc.record({
    events: fc.constant(events),
    lies: fc.array(forgedBy(insider, events), { minLength: 20, maxLength: 20 }),
    order: fc.infiniteStream(fc.nat(1_000)),
  }),
);

test('a partner whose users and roles are in the story lends names at most: whose a call is stays what our own trail proves', async () => {
  await fc.assert(
    fc.asyncProperty(byInsider, async ({ events, lies, order }) => {
      const own = events.filter(({ provenance }) => provenance === 'trail');
      const forged = lies.map(record => admitted(record, insider)).filter(event => event !== null);
      const before = await answersFrom([own]);
      const after = await answersFrom(mixed(own, forged, order));
      for (const [name, answer] of before) {
        const now = after.get(name);
        expect(now && proven(now)).toEqual(proven(answer));
        // Of each hop that our own trail has, who asked keeps account and id; a name may have been lent to it.
        for (const [index, { caller, roleArn }] of answer.chain.entries()) {
          const hop = now?.chain[index];
          expect(hop).toMatchObject({
            roleArn,
            caller: { principalId: caller.principalId, accountId: caller.accountId },
          });
          if (caller.arn !== null) expect(hop?.caller).toEqual(caller);
        }
        for (const hop of now?.chain.slice(answer.chain.length) ?? []) expect(hop.joinedBy).toBe('claimed');
      }
    }),
    { numRuns: full ? 2_000 : 150 },
  );
});
