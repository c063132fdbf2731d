import { gzipSync } from 'node:zlib';
import { unpackedMember } from '../../../core/digests/one-member.ts';

const text = Buffer.from('{"Records":[]}'.repeat(5000));
const gzip = gzipSync(text);

async function* inPieces(bytes: Buffer, size: number) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function unpack(bytes: Buffer, size = bytes.length, most = 1_000_000): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of unpackedMember(inPieces(bytes, size), most)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** RFC 1952, 2.3: extra field, name, comment and check sum of the header, all there. */
const headed = Buffer.concat([
  Buffer.from([0x1f, 0x8b, 8, 2 | 4 | 8 | 16, 0, 0, 0, 0, 0, 3]),
  Buffer.from([3, 0, 1, 2, 3]),
  Buffer.from('name\0comment\0'),
  Buffer.from([9, 9]),
  gzip.subarray(10),
]);

test.each([1, 7, 8, 9, 4096])('a gzip in pieces of %d bytes is what it holds', async size => {
  expect((await unpack(gzip, size)).equals(text)).toBe(true);
  expect((await unpack(headed, size)).equals(text)).toBe(true);
});

test('whatever is cut off, and whatever follows, it is not whole', async () => {
  for (const size of [1, 1000]) {
    for (let length = 0; length < gzip.length; length += 1)
      await expect(unpack(gzip.subarray(0, length), size)).rejects.toThrow(/not a complete gzip file/);
    for (const more of [gzip, Buffer.from([0]), Buffer.alloc(100_000)])
      await expect(unpack(Buffer.concat([gzip, more]), size)).rejects.toThrow(
        'bytes follow its first gzip member',
      );
  }
});

test('a header without end is refused before it fills memory', async () => {
  let read = 0;
  const endless = async function* () {
    yield Buffer.from([0x1f, 0x8b, 8, 8, 0, 0, 0, 0, 0, 3]);
    for (; read < 1000; read += 1) yield Buffer.alloc(1024, 65);
  };
  const reading = async () => {
    for await (const _ of unpackedMember(endless(), 1000)) throw new Error('it held something');
  };
  await expect(reading()).rejects.toThrow('its header has more than 65536 bytes');
  expect(read).toBeLessThan(100);
});

test('a failure of what is read is not a finding', async () => {
  const failing = async function* () {
    yield gzip.subarray(0, 50);
    throw new Error('S3 is away');
  };
  const reading = async () => {
    for await (const _ of unpackedMember(failing(), 1_000_000));
  };
  await expect(reading()).rejects.toThrow('S3 is away');
});
