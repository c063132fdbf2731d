import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';

/** The bytes are no gzip, not all of one, or more than any file of CloudTrail's has. */
export class NotWhole extends Error {
  override name = 'NotWhole';
}

/** CloudTrail's log files hold at most 50 MB of text; a small file may unpack to terabytes. */
const mostBytes = 256 * 1024 * 1024;
const mostDigestBytes = 32 * 1024 * 1024;
// Node's default of 16 KB costs about 2.7 times the time.
const chunkSize = 256 * 1024;

/** SHA-256 (hex) of what a gzip holds; memory does not grow with it. Throws {@link NotWhole}. */
export async function sha256Of(gzip: AsyncIterable<Uint8Array>, most = mostBytes): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of unpacked(gzip, most)) hash.update(chunk);
  return hash.digest('hex');
}

/** What the gzip of a digest holds. Throws {@link NotWhole}. */
export async function unpackedDigest(gzip: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of unpacked(gzip, mostDigestBytes)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

async function* unpacked(gzip: AsyncIterable<Uint8Array>, most: number): AsyncGenerator<Buffer> {
  const source = Readable.from(gzip);
  const gunzip = createGunzip({ chunkSize });
  source.on('error', error => gunzip.destroy(error));
  let bytes = 0;
  try {
    for await (const chunk of source.pipe(gunzip)) {
      bytes += chunk.length;
      if (bytes > most) throw new NotWhole(`it unpacks to more than ${most} bytes`);
      yield chunk;
    }
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException;
    throw code.startsWith('Z_') ? new NotWhole(`it is no whole gzip: ${message}`, { cause: error }) : error;
  } finally {
    source.destroy();
  }
}
