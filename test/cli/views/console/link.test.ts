import { link } from '../../../../cli/views/console/link.ts';

test('an address takes any text as a value, a lone surrogate too', () => {
  const address = link('/session', { id: 'arn:x/y@z &"<', from: null, page: '' });
  expect(new URL(address, 'http://x').searchParams.get('id')).toBe('arn:x/y@z &"<');
  expect([...new URL(address, 'http://x').searchParams.keys()]).toEqual(['id']);
  expect(link('/event', { id: '\ud800' })).toBe('/event?id=%EF%BF%BD');
});
