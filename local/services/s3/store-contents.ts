import { randomUUID } from 'node:crypto';
import { openSync, writeFileSync } from 'node:fs';
import { type FileHandle, mkdir, open, readdir, rm } from 'node:fs/promises';
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

/** Bytes that are written in one piece: the trips to the thread pool take longer than the writing. */
const atOnce = 64 * 1024;

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
      const held: Buffer[] = [];
      let length = 0;
      let file: FileHandle | undefined;
      try {
        for await (const chunk of chunks) {
          length += chunk.length;
          if (length <= atOnce) held.push(chunk);
          else {
            file ??= await open(pathOf(content), 'wx');
            for (const each of held.splice(0)) await file.writeFile(each);
            await file.writeFile(chunk);
          }
        }
        if (file) await file.close();
        else writeFileSync(pathOf(content), Buffer.concat(held), { flag: 'wx' });
      } catch (error) {
        await file?.close();
        await rm(pathOf(content), { force: true });
        throw error;
      }
      return content;
    },
    open: content => openSync(pathOf(content), 'r'),
    remove: content => rm(pathOf(content)),
  };
}
