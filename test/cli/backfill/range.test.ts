import {
  checkRange,
  dayFolder,
  fromMinute,
  lastFolder,
  readable,
  toMinute,
} from '../../../cli/backfill/range.ts';

test.each([
  ['2025-03-11', '20250311T0000Z', '20250312T0000Z'],
  ['2025-12-31', '20251231T0000Z', '20260101T0000Z'],
  ['2025-03-11T09:05', '20250311T0905Z', '20250311T0905Z'],
  ['2025-03-11 09:05:59Z', '20250311T0905Z', '20250311T0905Z'],
])('%s begins at %s and ends before %s', (text, from, to) => {
  expect([fromMinute(text), toMinute(text)]).toEqual([from, to]);
});

test.each(['yesterday', '2025-02-30', '2025-13-01', '2025-03-11T25:00', ''])('%p is refused', text => {
  expect(() => fromMinute(text)).toThrow('Expected a date or a time');
});

test('an end that is not behind the beginning is refused', () => {
  const range = (from: string, to: string) => () => checkRange({ from, to });
  for (const to of ['20250311T0905Z', '20250311T0904Z'])
    expect(range('20250311T0905Z', to)).toThrow('--to must be later than --from');
  expect(range('20250311T0905Z', '20250311T0906Z')).not.toThrow();
});

test('the last folder is that of the last minute', () => {
  expect(lastFolder(toMinute('2025-03-11'))).toBe('2025/03/11');
  expect(lastFolder('20250312T0001Z')).toBe('2025/03/12');
  expect(dayFolder('20250311T2359Z')).toBe('2025/03/11');
  expect(readable('20250311T0905Z')).toBe('2025-03-11 09:05');
});
