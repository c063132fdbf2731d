import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

interface LinkingCase {
  name: string;
  roles: string[];
  partnerEvents?: string[];
  records: { eventID: string; eventTime: string; userIdentity: { type: string } }[];
  expected: {
    calls: { eventID: string; status: string; issuerEventIDs: string[]; depth: number; chain?: string[][] }[];
    denied?: { eventID: string; role: string }[];
    absent?: string[];
  };
}

const folder = join(import.meta.dirname, '../core/cases/linking');
const cases = readdirSync(folder)
  .filter(file => file.endsWith('.json'))
  .map((file): [string, LinkingCase] => [file, JSON.parse(readFileSync(join(folder, file), 'utf8'))]);

test('no two linking cases have one name', () => {
  // Then
  expect(cases.length).toBeGreaterThanOrEqual(20);
  expect(new Set(cases.map(([, { name }]) => name)).size).toBe(cases.length);
});

describe.each(cases)('the linking case %s', (_file, { roles, records, partnerEvents, expected }) => {
  const ids = records.map(({ eventID }) => eventID);

  test('speaks of its own records', () => {
    // Given
    const cited = expected.calls.flatMap(call => [
      call.eventID,
      ...call.issuerEventIDs,
      ...(call.chain ?? []).flat(),
    ]);
    const others = [...(partnerEvents ?? []), ...(expected.denied ?? []).map(({ eventID }) => eventID)];
    // Then
    expect(roles.length).toBeGreaterThan(0);
    expect([...cited, ...others, ...(expected.absent ?? [])].filter(id => !ids.includes(id))).toEqual([]);
  });

  test('agrees with itself', () => {
    // Then
    for (const { eventID, status, issuerEventIDs, depth, chain } of expected.calls) {
      if (status === 'linked') expect([issuerEventIDs.length > 0, depth > 0]).toEqual([true, true]);
      if (depth > 0) expect(issuerEventIDs).not.toEqual([]);
      if (chain) expect([chain.length, chain[0]]).toEqual([depth, issuerEventIDs]);
      expect(expected.absent ?? []).not.toContain(eventID);
    }
  });
});
