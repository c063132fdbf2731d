import { md5, sameSecret, sha256, sha256OfParts, sha256OfStream, shortHash } from '../../core/hash.ts';

/** NIST, SHA-256 example values: one block, two blocks. */
const abc = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
const twoBlocks = '248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1';
const twoBlocksText = 'abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq';

test('SHA-256 is that of the examples, of text as of bytes', () => {
  expect(sha256('abc')).toBe(abc);
  expect(sha256(Buffer.from(twoBlocksText))).toBe(twoBlocks);
  expect(sha256('abc', 'base64')).toBe(Buffer.from(abc, 'hex').toString('base64'));
});

test('parts and a stream give the hash of the whole', async () => {
  async function* chunks() {
    yield Buffer.from(twoBlocksText.slice(0, 5));
    yield Buffer.from(twoBlocksText.slice(5));
  }
  expect(sha256OfParts(['a', Buffer.from('b'), 'c'])).toBe(abc);
  expect(await sha256OfStream(chunks())).toBe(twoBlocks);
});

test('a short hash is the beginning of that of the JSON', () => {
  expect(shortHash(null)).toBe(sha256('null').slice(0, 16));
  expect(shortHash('abc')).not.toBe(abc.slice(0, 16));
});

test('MD5 is that of RFC 1321', () => {
  expect(md5(Buffer.from('abc'))).toBe('900150983cd24fb0d6963f7d28e17f72');
});

test.each([
  ['secret', 'secret', true],
  ['secret', 'secreT', false],
  ['secret', 'secret ', false],
  ['', 'secret', false],
])('whether %j is %j: %j', (one, other, same) => {
  expect(sameSecret(one, other)).toBe(same);
});
