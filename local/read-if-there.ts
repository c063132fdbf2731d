import { readFileSync } from 'node:fs';

/** The text of a file; null when there is none, also when it goes while it is looked for. */
export function readIfThere(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
