import fc from 'fast-check';
import { AuditedRoles } from '../../../core/identities/roles.ts';
import { correlate } from '../../../core/linking/correlate.ts';
import { MemorySessionStore } from '../../../core/linking/memory-store.ts';
import { normalize } from '../../../core/reading/normalize.ts';
import type { AuditEvent } from '../../../core/records/event.ts';
import { story } from '../../core/linking/story.ts';

const numRuns = process.env.ROLETRAIL_HOSTILE === 'full' ? 20_000 : 300;
const partner = '111111111111';
const roles = new AuditedRoles(['*']);
const keys = Array.from({ length: 5 }, (_, n) => `ASIASTORY${String(n).padStart(11, '0')}`);

/** Whatever a partner may claim: an AssumeRole in its own account that handed out a key of the story. */
const forged = fc.record({
  of: fc.nat(4),
  sameShared: fc.boolean(),
  sameRole: fc.boolean(),
  named: fc.constantFrom('arn:aws:iam::111111111111:user/scapegoat', 'arn:aws:iam::999999999999:user/ceo'),
  sameCaller: fc.boolean(),
  parent: fc.constantFrom(...keys, 'AKIAFORGED'),
  second: fc.nat(1000),
});

type Forgery = typeof forged extends fc.Arbitrary<infer F> ? F : never;

/** Null for what the partner's CloudTrail could not have logged: it is refused before it gets this far. */
function forgedEvent(claim: Forgery, place: number): AuditEvent | null {
  const { of, sameShared, sameRole, named, sameCaller, parent, second } = claim;
  const role = sameRole ? `Role${of}` : 'Elsewhere';
  const record = {
    eventID: `forged-${place}`,
    eventName: 'AssumeRole',
    eventSource: 'sts.amazonaws.com',
    eventTime: new Date(Date.UTC(2025, 5, 2, 10) + second * 1000).toISOString().replace('.000', ''),
    recipientAccountId: partner,
    ...(sameShared ? { sharedEventID: `shared-${of}` } : {}),
    userIdentity: {
      type: 'IAMUser',
      arn: named,
      principalId: sameCaller ? `AIDA${of}` : 'AIDAFORGED',
      accountId: named.split(':')[4],
      accessKeyId: parent,
      userName: 'forged',
    },
    requestParameters: { roleArn: `arn:aws:iam::999999999999:role/${role}`, roleSessionName: `s${of}` },
    responseElements: {
      credentials: { accessKeyId: keys[of], expiration: '2025-06-02T12:00:00Z' },
      assumedRoleUser: {
        assumedRoleId: sameRole ? `AROA${of}:s${of}` : 'AROAFORGED:s',
        arn: `arn:aws:sts::999999999999:assumed-role/${role}/s${of}`,
      },
    },
  };
  try {
    return normalize(record, { source: 'topic', provenance: 'partner', account: partner }, roles);
  } catch (error) {
    expect(error).toMatchObject({ name: 'NotItsOwn' });
    // A role elsewhere and a caller elsewhere are not the partner's to tell of.
    expect(named.split(':')[4]).not.toBe(partner);
    return null;
  }
}

/** What is said of each credential whose issuance our own trail has: by what it rests on, and who asked. */
async function vouched(events: readonly AuditEvent[]) {
  const own = events.filter(({ provenance, issuance }) => provenance === 'trail' && issuance);
  const store = new MemorySessionStore();
  for (const event of events) await correlate([event], store);
  const found = new Map<string, { caller: object; cited: boolean; status: string }>();
  for (const { eventID, issuance } of own) {
    const { answers } = await store.read(issuance?.accessKeyId ?? '');
    const answer = answers.find(({ issuerEventIDs }) => issuerEventIDs.includes(eventID));
    const { accountId, principalId } = answer?.chain[0]?.caller ?? {};
    found.set(eventID, {
      status: answer?.status ?? 'none',
      caller: { accountId, principalId },
      cited: answer?.chain[0]?.eventIDs.includes(eventID) ?? false,
    });
  }
  return found;
}

test('whatever a partner claims, what our own trail says of an issuance stays as it was', async () => {
  let claims = 0;
  await fc.assert(
    fc.asyncProperty(
      story,
      fc.array(forged, { minLength: 1, maxLength: 4 }),
      fc.boolean(),
      async ({ events }, forgeries, first) => {
        // Given
        const lies = forgeries.map(forgedEvent).filter(event => event !== null);
        claims += lies.length;
        // When
        const before = await vouched(events);
        const after = await vouched(first ? [...lies, ...events] : [...events, ...lies]);
        // Then
        expect(after).toEqual(before);
      },
    ),
    { numRuns, seed: 20250311 },
  );
  process.stdout.write(
    `forgery: ${claims} forged claims in ${numRuns} stories, none changed what our trail says\n`,
  );
});

test.each(['999999999999', '222233334444'])('a partner cannot speak for account %s', account => {
  const record = {
    eventID: 'e',
    eventName: 'AssumeRole',
    eventSource: 'sts.amazonaws.com',
    eventTime: '2025-06-02T10:00:00Z',
    recipientAccountId: account,
    userIdentity: { type: 'IAMUser', principalId: 'AIDA', accountId: partner, accessKeyId: 'AKIA' },
    requestParameters: { roleArn: 'arn:aws:iam::999999999999:role/R', roleSessionName: 's' },
    responseElements: {
      credentials: { accessKeyId: 'ASIA', expiration: '2025-06-02T12:00:00Z' },
      assumedRoleUser: { assumedRoleId: 'AROA:s', arn: 'arn:aws:sts::999999999999:assumed-role/R/s' },
    },
  };
  expect(() =>
    normalize(record, { source: 'topic', provenance: 'partner', account: partner }, roles),
  ).toThrow(expect.objectContaining({ name: 'AccountMismatch' }));
});
