import {
  compactMillis,
  compactTime,
  eventTime,
  expirationTime,
  hourOf,
  laterBy,
} from '../../../core/records/times.ts';

describe('times', () => {
  test.each([
    ['Apr 5, 2016 9:39:37 PM', '2016-04-05T21:39:37Z'],
    ['Jul 10, 2023, 12:54:47 PM', '2023-07-10T12:54:47Z'],
    ['Jul 10, 2023, 12:54:47 AM', '2023-07-10T00:54:47Z'],
    ['Nov 30, 2024, 8:43:17\u202fPM', '2024-11-30T20:43:17Z'],
    ['Nov 30, 2024, 8:43:17\u00a0AM', '2024-11-30T08:43:17Z'],
    ['2016-04-08T18:08:46Z', '2016-04-08T18:08:46Z'],
    ['2016-04-08T18:08:46.123Z', '2016-04-08T18:08:46Z'],
  ])('expiration %j is %s', (text, iso) => {
    expect(expirationTime(text)).toBe(iso);
  });

  test('an expiration in seconds since 1970', () => {
    expect(expirationTime(1_460_000_000)).toBe('2016-04-07T03:33:20Z');
  });

  test.each(['', 'tomorrow', 'Foo 5, 2016 9:39:37 PM', 'Apr 5, 2016 13:39:37 PM', null, {}, true])(
    'expiration %j is refused',
    value => {
      expect(() => expirationTime(value)).toThrow(expect.objectContaining({ name: 'BadTime' }));
    },
  );

  test.each([
    '2016-04-05',
    '2016-13-05T00:00:00Z',
    '2016-02-31T00:00:00Z',
    '2016-02-28T25:00:00Z',
    '2016-02-28T24:00:00Z',
    '2016-00-10T00:00:00Z',
    '2016-01-00T00:00:00Z',
    '2015-02-29T00:00:00Z',
    '2016-04-31 00:00:00',
    'x'.repeat(1000),
    '99999-01-01T00:00:00Z',
  ])('event time %j is refused', text => {
    expect(() => eventTime(text)).toThrow(expect.objectContaining({ name: 'BadTime' }));
  });

  test.each(['2016-02-29T23:59:59Z', '0000-01-01T00:00:00Z'])('event time %j is read as it stands', text =>
    expect(eventTime(text)).toBe(text),
  );

  test('an event time with a space for the T, as some exports write it', () => {
    expect(eventTime('2025-02-19 20:13:49')).toBe('2025-02-19T20:13:49Z');
  });

  test('hours are those of UTC', () => {
    expect(hourOf('2016-04-05T23:59:59+02:00')).toBe('2016040521');
  });

  test.each([
    ['20150817T150131Z', '2015-08-17T15:01:31Z'],
    ['20240229T0000Z', '2024-02-29T00:00:00Z'],
  ])('%s in a name is %s', (compact, iso) => {
    expect(compactMillis(compact)).toBe(Date.parse(iso));
    expect(compactTime(iso).slice(0, 13)).toBe(compact.slice(0, 13));
  });

  test('a name without a time has none', () => {
    expect(compactMillis('20150817')).toBeNaN();
    expect(compactTime('2015-08-17T15:01:31.999Z')).toBe('20150817T150131Z');
  });

  test.each([
    [1000, '2023-12-31T23:59:59Z', '2024-01-01T00:00:00Z'],
    [-3_600_000, '2024-03-01T00:30:00Z', '2024-02-29T23:30:00Z'],
  ])('%d ms later than %s is %s', (milliseconds, time, later) => {
    expect(laterBy(milliseconds, time)).toBe(later);
  });
});
