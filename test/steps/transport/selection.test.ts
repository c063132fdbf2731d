import fc from 'fast-check';
import { keptNumbers, readSelection, SelectionWriter } from '../../../steps/transport/selection.ts';

test('a selection reads back as it was written, at a size that follows its changes', () => {
  fc.assert(
    fc.property(fc.array(fc.boolean()), kept => {
      const writer = new SelectionWriter();
      for (const each of kept) writer.add(each);
      expect([...readSelection(writer.toString())]).toEqual(kept);
    }),
  );
  const writer = new SelectionWriter();
  for (let i = 0; i < 1_000_000; i += 1) writer.add(i >= 999_999);
  expect(writer.toString()).toBe('999999,1');
});

test('so many dropped at once are as many dropped one by one, and the others keep their numbers', () => {
  const writer = new SelectionWriter();
  writer.drop(0);
  writer.add(true);
  writer.drop(2);
  writer.drop(1);
  writer.add(true);
  writer.add(true);
  expect(writer.toString()).toBe('0,1,3,2');
  expect(keptNumbers(writer.toString())).toEqual([1, 5, 6]);
});

test.each(['', '1,', 'a', '1,2.5'])('%j is not a selection', text => {
  expect(() => [...readSelection(text)]).toThrow(expect.objectContaining({ name: 'BadFrame' }));
});
