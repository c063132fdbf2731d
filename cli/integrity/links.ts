import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../failure.ts';

/**
 * Throws UsageError for a symbolic link in a copy that is to be verified: what it leads to is not a copy of the bucket's, and may
 * be any file of this machine, or a folder above it without end. The path itself may be one: its user named it.
 */
export function refuseLinks(path: string): void {
  const link = firstLink(path);
  if (link) throw new UsageError(`${link} is a symbolic link: copy the file itself`);
}

function firstLink(path: string): string | null {
  try {
    if (!statSync(path).isDirectory()) return null;
    // With file types, links to folders are not gone into.
    const entries = readdirSync(path, { recursive: true, withFileTypes: true });
    const link = entries.find(entry => entry.isSymbolicLink());
    return link ? join(link.parentPath, link.name) : null;
  } catch {
    // Whoever looks for the files says what is wrong with the path.
    return null;
  }
}
