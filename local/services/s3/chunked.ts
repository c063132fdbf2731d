import { ServiceError } from '../../contract.ts';

const longestLine = 8192;

/** Reads lines and runs of bytes from chunks as they come. */
function createReader(source: AsyncIterable<Buffer>) {
  const chunks = source[Symbol.asyncIterator]();
  let rest: Buffer = Buffer.alloc(0);

  async function more(): Promise<Buffer> {
    const next = await chunks.next();
    if (next.done) throw incomplete('the body ends in the middle of a chunk');
    return next.value;
  }
  return {
    /** up to and without the next CR LF */
    async line(): Promise<string> {
      let end = rest.indexOf('\r\n');
      while (end < 0) {
        if (rest.length > longestLine) throw incomplete('a chunk header is longer than 8192 bytes');
        rest = Buffer.concat([rest, await more()]);
        end = rest.indexOf('\r\n');
      }
      const line = rest.toString('latin1', 0, end);
      rest = rest.subarray(end + 2);
      return line;
    },
    /** at least one and at most `limit` bytes */
    async bytes(limit: number): Promise<Buffer> {
      while (rest.length === 0) rest = await more();
      const bytes = rest.subarray(0, limit);
      rest = rest.subarray(bytes.length);
      return bytes;
    },
    async atEnd(): Promise<boolean> {
      return rest.length === 0 && (await chunks.next()).done === true;
    },
  };
}

/**
 * Takes the `aws-chunked` framing off a body (S3 guide, "Signature calculations: transferring payload in multiple
 * chunks", with and without trailing headers). Trailers are put into `trailers`, names in lower case. Chunk signatures
 * are not verified. Memory does not grow with the body. Throws IncompleteBody for a body that breaks the framing.
 */
export async function* decodeChunked(
  source: AsyncIterable<Buffer>,
  trailers: Map<string, string>,
): AsyncGenerator<Buffer> {
  const reader = createReader(source);
  for (;;) {
    const header = await reader.line();
    const size = /^([0-9a-f]{1,12})(?:;chunk-signature=[0-9a-f]*)?$/i.exec(header)?.[1];
    if (size === undefined) throw incomplete(`${JSON.stringify(header.slice(0, 60))} is not a chunk header`);
    let left = Number.parseInt(size, 16);
    if (left === 0) break;
    while (left > 0) {
      const bytes = await reader.bytes(left);
      left -= bytes.length;
      yield bytes;
    }
    if ((await reader.line()) !== '') throw incomplete('a chunk is longer than its header says');
  }
  for (let line = await reader.line(); line !== ''; line = await reader.line()) {
    const [, name, value] = /^([\w-]+):\s*(.*?)\s*$/.exec(line) ?? [];
    if (!name || value === undefined) {
      throw new ServiceError(
        'MalformedTrailerError',
        `${JSON.stringify(line.slice(0, 60))} is not a trailing header`,
      );
    }
    trailers.set(name.toLowerCase(), value);
  }
  if (!(await reader.atEnd())) throw incomplete('the body goes on behind its last chunk');
}

function incomplete(message: string): ServiceError {
  return new ServiceError('IncompleteBody', `the aws-chunked body cannot be read: ${message}`);
}
