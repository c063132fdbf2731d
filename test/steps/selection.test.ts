import fc from 'fast-check';
import { readSelection, SelectionWriter } from '../../steps/selection.ts';

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

test.each(['', '1,', 'a', '1,2.5'])('%j is no selection', text => {
  expect(() => [...readSelection(text)]).toThrow(expect.objectContaining({ name: 'BadFrame' }));
});
