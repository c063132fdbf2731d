import { createHash } from 'node:crypto';
import { writeUnits } from '../../../bench/write-units.ts';
import { correlate } from '../../../core/linking/correlate.ts';
import { MemorySessionStore } from '../../../core/linking/memory-store.ts';
import { sessionDictionary } from '../../../steps/store/session-dictionary.ts';
import { answerItem, answerOf, issuanceItem, issuanceOf } from '../../../steps/store/session-item.ts';
import { sessionsTable } from '../../../steps/store/tables.ts';
import { eventsOf, linkingCases } from '../../core/linking/linking-case.ts';

// A changed dictionary makes every item written with it unreadable: a better one is a new one, under a new coding.
test('the dictionary of coding s2 is kept', () => {
  expect(createHash('sha256').update(sessionDictionary).digest('hex')).toBe(
    '613abed8f3752e47e8afd4b3c818c62088959e139aad65739ac9bafabcb210c4',
  );
});

test('an item in a coding of a later version is refused by name', () => {
  const item = { item: { S: 'session#0000' }, coding: { S: 's3' }, answer: { B: Buffer.of(3, 0) } };
  expect(() => answerOf(item)).toThrow(`a session's item in the unknown coding "s3"`);
});

const stories = linkingCases().map(eventsOf);

test('an issuance of any case is read as it was written, and is one write unit', () => {
  const issuances = stories.flat().flatMap(({ issuance }) => issuance ?? []);
  expect(issuances.length).toBeGreaterThan(100);
  for (const issuance of issuances) {
    const item = issuanceItem(issuance.accessKeyId ?? 'ASIANONE', issuance);
    expect(issuanceOf(item)).toEqual(issuance);
    expect(writeUnits(item, sessionsTable)).toBe(1);
  }
});

test('an answer of any case is read as it was written; up to three hops it is a unit in each index', async () => {
  let read = 0;
  for (const events of stories) {
    const store = new MemorySessionStore();
    await correlate(events, store);
    for (const credential of new Set(events.flatMap(event => event.credential ?? []))) {
      const { answers, basis } = await store.read(credential);
      for (const [index, answer] of answers.entries()) {
        const item = answerItem(credential, { answers, basis }, index);
        expect(answerOf(item)).toEqual({ answer, basis: index === 0 ? basis : [] });
        const indexes = ['day', 'role', 'open'].filter(name => item.at && item[name]);
        if (answer.chain.length <= 3) expect(writeUnits(item, sessionsTable)).toBe(1 + indexes.length);
        read += 1;
      }
    }
  }
  expect(read).toBeGreaterThan(100);
});
