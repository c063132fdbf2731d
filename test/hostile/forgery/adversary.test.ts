import fc from 'fast-check';
import type { AuditEvent } from '../../../steps/cloudtrail/event.ts';
import { normalize } from '../../../steps/cloudtrail/normalize.ts';
import { RecordError } from '../../../steps/cloudtrail/read.ts';
import { AuditedRoles } from '../../../steps/cloudtrail/roles.ts';
import { correlate } from '../../../steps/linking/correlate.ts';
import { MemorySessionStore } from '../../../steps/linking/memory-store.ts';
import type { CredentialAnswers, SessionAnswer } from '../../../steps/linking/session-answer.ts';
import { alertOf, isUnexplained } from '../../../steps/watch-alert.ts';
import { story } from '../../steps/linking/story.ts';
import { unrecordedStory } from '../../steps/linking/unrecorded-story.ts';

const full = process.env.ROLETRAIL_HOSTILE === 'full';
const stories = Number(process.env.ROLETRAIL_ADVERSARY_STORIES ?? (full ? 2_000 : 200));
const eventsOfStory = 50;
const roles = new AuditedRoles(['*']);

/** A partner that is no party to anything in the stories, and one whose users and roles are in them. */
const stranger = '444455556666';
const insider = '111111111111';

interface Known {
  eventIDs: string[];
  shared: string[];
  keys: string[];
  arns: string[];
  principals: string[];
  times: string[];
}

/** All that our own trail and the other partners have said: the adversary knows it. */
function knownOf(events: readonly AuditEvent[]): Known {
  const all = events.flatMap(event => [event, ...(event.issuance ? [event.issuance] : [])]);
  const distinct = (list: (string | null | undefined)[]) => [...new Set(list.filter(each => each != null))];
  const issued = events.flatMap(({ issuance }) => issuance ?? []);
  return {
    eventIDs: distinct(all.map(each => each.eventID)),
    shared: distinct(all.map(each => each.sharedEventID)),
    keys: distinct([...all.map(each => each.caller.accessKeyId), ...issued.map(each => each.accessKeyId)]),
    arns: distinct([
      ...all.map(each => each.caller.arn),
      ...issued.flatMap(each => [each.arn, each.roleArn]),
    ]),
    principals: distinct([
      ...all.map(each => each.caller.principalId),
      ...issued.map(each => each.principalId),
    ]),
    times: distinct(all.map(each => each.eventTime)),
  };
}

/** What an event of the story says of a session: what a forgery of it has to hit, all at once. */
interface Target {
  eventID: string;
  sharedEventID: string | null;
  eventTime: string;
  key: string | null;
  arn: string | null;
  principal: string | null;
  roleArn: string | null;
  askedBy: { arn: string | null; principal: string | null; key: string | null };
}

function targetOf({ issuance, caller, ...event }: AuditEvent): Target {
  const askedBy = { arn: caller.arn, principal: caller.principalId, key: caller.accessKeyId };
  const { eventID, sharedEventID, eventTime } = event;
  if (issuance) {
    const { accessKeyId, arn, principalId, roleArn } = issuance;
    return {
      eventID,
      sharedEventID: issuance.sharedEventID,
      eventTime,
      key: accessKeyId,
      arn,
      principal: principalId,
      roleArn,
      askedBy,
    };
  }
  const roleArn = caller.session?.issuer?.arn ?? null;
  const created = caller.session?.creationDate ?? eventTime;
  return {
    eventID,
    sharedEventID,
    eventTime: created,
    key: askedBy.key,
    arn: askedBy.arn,
    principal: askedBy.principal,
    roleArn,
    askedBy,
  };
}

/** Mostly what the target says, else something that is known, or the adversary's own. */
const like = (said: string | null, known: string[], ...own: string[]) =>
  said === null
    ? fc.constantFrom(...known, ...own)
    : fc.oneof(
        { weight: 4, arbitrary: fc.constant(said) },
        { weight: 1, arbitrary: fc.constantFrom(...known, ...own) },
      );

/** One event of the adversary's. */
function forgedBy(account: string, events: readonly AuditEvent[]) {
  const known = knownOf(events);
  return fc.constantFrom(...events.map(targetOf)).chain(target => forgedFrom(account, known, target));
}

function forgedFrom(account: string, known: Known, target: Target) {
  const own = [`arn:aws:iam::${account}:user/ceo`, `arn:aws:sts::${account}:assumed-role/Forged/f`];
  const key = ['ASIAFORGED0000000001', 'AKIAFORGED0000000001'];
  const principal = ['AIDAFORGED', 'AROAFORGED:f'];
  const ofOwn = (said: string | null) => (said?.includes(`::${account}:`) ? said : null);
  return fc.record({
    eventID: like(target.eventID, known.eventIDs, 'forged-1', 'forged-2'),
    eventName: fc.oneof(
      { weight: 4, arbitrary: fc.constant('AssumeRole') },
      {
        weight: 1,
        arbitrary: fc.constantFrom(
          'AssumeRoleWithSAML',
          'GetSessionToken',
          'SwitchRole',
          'ConsoleLogin',
          'AssumeRoot',
          'GetObject',
        ),
      },
    ),
    eventSource: fc.oneof(
      { weight: 6, arbitrary: fc.constant('sts.amazonaws.com') },
      { weight: 1, arbitrary: fc.constantFrom('signin.amazonaws.com', 's3.amazonaws.com') },
    ),
    eventTime: like(target.eventTime, known.times),
    sharedEventID: fc.option(like(target.sharedEventID, known.shared, 'forged-shared'), {
      nil: undefined,
      freq: 3,
    }),
    errorCode: fc.option(fc.constantFrom('AccessDenied', 'ExpiredToken'), { nil: undefined, freq: 12 }),
    userIdentity: fc.record({
      type: fc.constantFrom('IAMUser', 'AssumedRole'),
      arn: fc.oneof(
        { weight: 4, arbitrary: fc.constantFrom(ofOwn(target.askedBy.arn) ?? own[0], ...own) },
        { weight: 1, arbitrary: fc.constantFrom(undefined, ...known.arns) },
      ),
      principalId: like(target.askedBy.principal, known.principals, ...principal),
      accountId: fc.oneof(
        { weight: 6, arbitrary: fc.constant(account) },
        { weight: 1, arbitrary: fc.constantFrom('999999999999', insider) },
      ),
      accessKeyId: fc.option(like(target.askedBy.key, known.keys, ...key), { nil: undefined }),
      userName: fc.constantFrom('ceo', 'jsmith'),
      invokedBy: fc.option(fc.constant('lambda.amazonaws.com'), { nil: undefined, freq: 8 }),
      onBehalfOf: fc.option(fc.constant({ userId: '00000000-0000-0000-0000-000000000000' }), {
        nil: undefined,
        freq: 8,
      }),
      sessionContext: fc.option(
        fc.record({
          sessionIssuer: fc.record({
            arn: fc.constantFrom(...known.arns, ...own),
            principalId: fc.constantFrom(...known.principals, ...principal),
            type: fc.constant('Role'),
          }),
          attributes: fc.record({ creationDate: fc.constantFrom(...known.times) }),
        }),
        { nil: undefined },
      ),
    }),
    requestParameters: fc.record({
      roleArn: like(target.roleArn, known.arns, `arn:aws:iam::${account}:role/Forged`),
      roleSessionName: fc.constantFrom('s0', 'f'),
      sourceIdentity: fc.option(fc.constant('ceo'), { nil: undefined }),
    }),
    responseElements: fc.record({
      credentials: fc.record({
        accessKeyId: like(target.key, known.keys, ...key),
        expiration: fc.constantFrom('2025-06-02T23:00:00Z', '2025-06-02T10:00:01Z'),
      }),
      assumedRoleUser: fc.record({
        arn: like(target.arn, known.arns, ...own),
        assumedRoleId: like(target.principal, known.principals, ...principal),
      }),
    }),
    recipientAccountId: fc.constant(account),
  });
}

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
        if (!now)
          throw new Error(
            `gone: ${name} ${answer.status} ${answer.used} ${JSON.stringify(answer.claims)} now ${[...after.values()].map(each => `${each.session} ${each.status} ${JSON.stringify(each.claims)}`).join('; ')}`,
          );
        expect(shown(now)).toEqual(shown(answer));
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
        const proven = ({
          status,
          arn,
          principalId,
          roleArn,
          issuedAt,
          expiresAt,
          sourceIdentity,
          used,
          uses,
          began,
        }: SessionAnswer) => ({
          status,
          arn,
          principalId,
          roleArn,
          issuedAt,
          expiresAt,
          sourceIdentity,
          used,
          uses,
          began,
        });
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
