import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { gunzip } from '../../../steps/transport/gunzip.ts';

const text = Buffer.from(randomBytes(700_000).toString('hex'));

/** In small pieces, as from a network: then several chunks of text lie in the same memory. */
function streamOf(bytes: Buffer): Readable {
  const size = 30_000;
  const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
    bytes.subarray(i * size, (i + 1) * size),
  );
  return Readable.from(pieces, { objectMode: false });
}

async function textOf(bytes: Buffer): Promise<Buffer> {
  const copies: Buffer[] = [];
  for await (const chunk of gunzip(streamOf(bytes))) copies.push(Buffer.from(chunk));
  return Buffer.concat(copies);
}

test.each([
  ['one gzip', gzipSync(text)],
  [
    'two of them, one behind the other',
    Buffer.concat([gzipSync(text.subarray(0, 300_001)), gzipSync(text.subarray(300_001))]),
  ],
])('the text of %s comes whole, whatever its memory becomes', async (_, bytes) => {
  expect((await textOf(bytes)).equals(text)).toBe(true);
});

test('only the chunk at hand holds memory', async () => {
  const chunks: Buffer[] = [];
  for await (const chunk of gunzip(streamOf(gzipSync(text)))) {
    chunks.push(chunk);
    const held = new Set(chunks.filter(each => each.length > 0).map(each => each.buffer));
    expect(held.size).toBe(1);
  }
  expect(chunks.length).toBeGreaterThan(4);
  expect(chunks.filter(each => each.length > 0)).toEqual([]);
});

test.each([
  ['NotGzip', text],
  ['TruncatedGzip', gzipSync(text).subarray(0, 100_000)],
  ['DamagedGzip', Buffer.from(gzipSync(text)).fill(0xff, 300_000, 300_100)],
])('%s', async (name, bytes) => {
  await expect(textOf(bytes)).rejects.toThrow(expect.objectContaining({ name }));
});
