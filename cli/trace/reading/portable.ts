import { fileBytes } from '../../inputs/bytes.ts';
import type { Input } from '../../inputs/input.ts';

/** An input without its bytes: it crosses threads, and is kept. */
export type Portable = Omit<Input, 'bytes'>;

export function portable({ bytes: _, ...input }: Input): Portable {
  return input;
}

/** The input again, of a file that is no member of an archive. */
export function withBytes(input: Portable): Input {
  return { ...input, bytes: fileBytes(input.file, input.size) };
}
