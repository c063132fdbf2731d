import { correlate } from '../../../core/linking/correlate.ts';
import { MemorySessionStore } from '../../../core/linking/memory-store.ts';
import type { AuditEvent } from '../../../core/records/event.ts';
import { eventsOf, linkingCases } from './linking-case.ts';

const events = linkingCases()
  .filter(({ file }) => file === 'both-copies.json')
  .flatMap(eventsOf);

/** The chain of the case's session where each issuance's copy was asked with what `idOf` says. */
async function hopsWith(idOf: (event: AuditEvent) => string | null) {
  const store = new MemorySessionStore();
  await correlate(
    events.map(event =>
      event.issuance ? { ...event, issuance: { ...event.issuance, externalId: idOf(event) } } : event,
    ),
    store,
  );
  const credential = events.find(event => event.credential)?.credential ?? '';
  return (await store.read(credential)).answers.flatMap(({ chain }) => chain);
}

// STS, AssumeRole: ExternalId; CloudTrail: requestParameters.externalId
test('a hop has the external id it was asked with', async () => {
  expect((await hopsWith(() => 'vendor-2026'))[0]?.externalId).toBe('vendor-2026');
});

test('a hop that was asked without one has no such field', async () => {
  expect(Object.keys((await hopsWith(() => null))[0] ?? {})).not.toContain('externalId');
});

test('what only a partner says of it is not told beside what our own trail has', async () => {
  const partners = events.map(event => ({
    ...event,
    ...(event.issuance && event.recipientAccountId !== '999999999999'
      ? { provenance: 'partner' as const, issuance: { ...event.issuance, provenance: 'partner' as const } }
      : {}),
  }));
  const store = new MemorySessionStore();
  await correlate(
    partners.map(event =>
      event.issuance && event.provenance === 'partner'
        ? { ...event, issuance: { ...event.issuance, externalId: 'forged' } }
        : event,
    ),
    store,
  );
  expect(partners.some(event => event.provenance === 'partner')).toBe(true);
  const credential = events.find(event => event.credential)?.credential ?? '';
  const [answer] = (await store.read(credential)).answers;
  expect(answer?.chain[0]?.eventIDs.length).toBeGreaterThan(1);
  expect(JSON.stringify(answer)).not.toContain('forged');
});
