import { maskTokens, prettyRecord, shownJson } from '../../../cli/views/text/masked.ts';

const token = 'IQoJb3JpZ2luX2VjEXAMPLE//8wEaCXVzLWVhc3QtMSJ+==';

/** Where AWS's records and requests have a token. */
const places: [string, unknown][] = [
  ['what STS issues', { responseElements: { credentials: { accessKeyId: 'ASIA', sessionToken: token } } }],
  ['a request that names it', { requestParameters: { 'X-Amz-Security-Token': token, bucketName: 'b' } }],
  ['a header in lower case', { additionalEventData: { 'x-amz-security-token': token } }],
  ['a sign-in of a browser', { responseElements: { SigninToken: token } }],
  [
    'an address that is signed',
    { url: `https://b.s3.amazonaws.com/k?X-Amz-Security-Token=${token}&X-Amz-Expires=60` },
  ],
  [
    'an address that signs in',
    { LoginTo: `https://signin.aws.amazon.com/federation?Action=login&SigninToken=${token}` },
  ],
];

test.each(places)('the token of %s is masked, and nothing else is', (_, value) => {
  const text = JSON.stringify(value);

  expect(maskTokens(text)).toBe(text.replace(token, '(masked)'));
});

test.each(places)('so it is of %s in a message in a message', (_, value) => {
  const message = JSON.stringify({ Message: JSON.stringify({ detail: JSON.stringify(value) }) });

  expect(JSON.parse(maskTokens(message))).toEqual(JSON.parse(message.replace(token, '(masked)')));
});

test('one that is cut off is masked to its end', () => {
  expect(maskTokens(`{"sessionToken":"${token}`)).toBe('{"sessionToken":"(masked)');
  const cut = JSON.stringify({ raw: `{"sessionToken":"${token}` });
  expect(maskTokens(cut)).toBe(cut.replace(token, '(masked)'));
});

test('one that is written with escapes is found where the record is laid out', () => {
  const record = `{"session\\u0054oken":"${token}","size":1}`;

  expect(prettyRecord(record)).toBe('{\n  "sessionToken": "(masked)",\n  "size": 1\n}');
});

test('what only sounds like one stays', () => {
  const text =
    '{"eventName":"GetSessionToken","sessionName":"a=b","tokenCode":"123456","note":"sessionToken"}';

  expect(maskTokens(text)).toBe(text);
  expect(shownJson({ sessionTokens: 'two' })).toBe('{"sessionTokens":"two"}');
});

test.each([
  ['backslashes', '\\'.repeat(1_000_000)],
  ['names', '"sessionToken":"'.repeat(100_000)],
  ['names in a text', '\\"sessionToken\\":\\"'.repeat(100_000)],
  ['addresses', 'SigninToken='.repeat(100_000)],
])('a megabyte of %s takes no longer than its reading', (_, text) => {
  const began = performance.now();
  maskTokens(text);
  expect(performance.now() - began).toBeLessThan(2_000);
});
