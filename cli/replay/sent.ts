import { sha256 } from '../../core/hash.ts';
import { isObject } from '../../core/records/read.ts';
import type { Input } from '../inputs/input.ts';

/** The files that messages were made of, so that what intake refuses can be named by its file. */
export class SentMessages {
  readonly #files = new Map<string, string>();

  remember(message: string, { file }: Pick<Input, 'file'>): void {
    this.#files.set(nameOf(message), file);
  }

  /** The file a refused message came from; null for a message of somebody else's. */
  fileOf(message: string): string | null {
    return this.#files.get(nameOf(message)) ?? this.#files.get(nameOf(unwrapped(message))) ?? null;
  }
}

/** What is said of a file that no queue takes. */
export function tooLong({ file, size }: Input): string {
  return `${file}: not delivered: it is not a log file, and is too long for a message (${size} bytes)`;
}

function nameOf(message: string): string {
  return sha256(message, 'base64');
}

/** What a topic put its envelope around; a message without one as it is. */
function unwrapped(message: string): string {
  try {
    const value: unknown = JSON.parse(message);
    return isObject(value) && typeof value.Message === 'string' ? value.Message : message;
  } catch {
    return message;
  }
}
