import { randomUUID } from 'node:crypto';
import { openSync } from 'node:fs';
import { mkdir, open, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * The bytes of objects and parts: one file each under a name of its own that is never reused, so a file never changes
 * once something refers to it, and no object key ever becomes a path.
 */
export interface Contents {
  /** Writes all chunks to a new file and answers its name. Leaves nothing behind when they or the disk fail. */
  write(chunks: AsyncIterable<Buffer>): Promise<string>;
  /** Opens a file, at once: a deletion right after cannot take it from the reader. */
  open(content: string): number;
  /** Removes what nothing refers to any more. */
  remove(content: string): Promise<void>;
}

/** Opens the folder and removes files not `inUse`: what a process that was killed had not yet finished. */
export async function openContents(folder: string, inUse: Set<string>): Promise<Contents> {
  const pathOf = (content: string) => join(folder, content.slice(0, 2), content);
  for (let i = 0; i < 256; i += 1) {
    const part = join(folder, i.toString(16).padStart(2, '0'));
    await mkdir(part, { recursive: true });
    for (const content of await readdir(part)) {
      if (!inUse.has(content)) await rm(join(part, content));
    }
  }
  return {
    async write(chunks) {
      const content = randomUUID();
      const file = await open(pathOf(content), 'wx');
      try {
        for await (const chunk of chunks) await file.writeFile(chunk);
        await file.close();
      } catch (error) {
        await file.close();
        await rm(pathOf(content));
        throw error;
      }
      return content;
    },
    open: content => openSync(pathOf(content), 'r'),
    remove: content => rm(pathOf(content)),
  };
}
