/** UTF-16 of PowerShell's `>` and of spreadsheets begins with a byte order mark; all else is UTF-8. */
export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be';

export function encodingOf(begin: Uint8Array): Encoding {
  if (begin[0] === 0xff && begin[1] === 0xfe) return 'utf-16le';
  if (begin[0] === 0xfe && begin[1] === 0xff) return 'utf-16be';
  return 'utf-8';
}

/** Without its byte order mark; half a character at the end is none. */
export function decoded(bytes: Uint8Array, encoding: Encoding): string {
  return new TextDecoder(encoding).decode(bytes, { stream: true });
}

export async function* textOf(bytes: AsyncIterable<Buffer>, encoding: Encoding): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding);
  for await (const chunk of bytes) yield decoder.decode(chunk, { stream: true });
  yield decoder.decode();
}
