import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync } from 'node:fs';

const chunk = 1024 * 1024;

/** SHA-256 (hex) of a file's bytes; memory does not grow with them. */
export function sha256OfFile(file: string): string {
  const hash = createHash('sha256');
  const opened = openSync(file, 'r');
  try {
    const bytes = Buffer.allocUnsafe(chunk);
    for (;;) {
      const read = readSync(opened, bytes, 0, chunk, null);
      if (read === 0) return hash.digest('hex');
      hash.update(bytes.subarray(0, read));
    }
  } finally {
    closeSync(opened);
  }
}
