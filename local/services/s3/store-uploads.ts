import { randomBytes } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import type { Checksum } from './store-catalogue.ts';

/** A multipart upload that was begun and neither completed nor aborted. */
export interface MultipartUpload {
  uploadId: string;
  bucket: string;
  key: string;
  headers: Record<string, string>;
  checksum?: Pick<Checksum, 'algorithm' | 'type'>;
}

export interface Part {
  number: number;
  content: string;
  /** bytes */
  size: number;
  /** MD5, hex */
  etag: string;
  /** base64, of the upload's algorithm */
  checksum?: string;
}

/** Multipart uploads under way; they survive a restart. */
export function createUploads(database: DatabaseSync) {
  const insert = database.prepare('INSERT INTO uploads VALUES (?, ?, ?, ?, ?, ?)');
  const select = database.prepare('SELECT * FROM uploads WHERE uploadId = ? AND bucket = ? AND key = ?');
  const remove = database.prepare('DELETE FROM uploads WHERE uploadId = ?');
  const partContent = database.prepare('SELECT content FROM parts WHERE uploadId = ? AND number = ?');
  const putPart = database.prepare('INSERT OR REPLACE INTO parts VALUES (?, ?, ?, ?, ?, ?)');
  const parts = database.prepare('SELECT * FROM parts WHERE uploadId = ? ORDER BY number');

  return {
    create(upload: Omit<MultipartUpload, 'uploadId'>): string {
      const uploadId = randomBytes(32).toString('base64url');
      const { bucket, key, headers, checksum } = upload;
      const { algorithm = null, type = null } = checksum ?? {};
      insert.run(uploadId, bucket, Buffer.from(key), JSON.stringify(headers), algorithm, type);
      return uploadId;
    },
    find(uploadId: string, bucket: string, key: string): MultipartUpload | undefined {
      const row = select.get(uploadId, bucket, Buffer.from(key));
      if (!row) return undefined;
      const checksum = row.algorithm !== null && {
        checksum: { algorithm: String(row.algorithm), type: row.checksumType as Checksum['type'] },
      };
      return { uploadId, bucket, key, headers: JSON.parse(String(row.headers)), ...checksum };
    },
    /** Stores a part and answers the content of the one it takes the place of, if any. */
    putPart(uploadId: string, { number, content, size, etag, checksum }: Part): string | undefined {
      const replaced = partContent.get(uploadId, number);
      putPart.run(uploadId, number, content, size, etag, checksum ?? null);
      return replaced ? String(replaced.content) : undefined;
    },
    parts: (uploadId: string): Part[] =>
      parts.all(uploadId).map(row => ({
        number: Number(row.number),
        content: String(row.content),
        size: Number(row.size),
        etag: String(row.etag),
        ...(row.checksum !== null && { checksum: String(row.checksum) }),
      })),
    /** Forgets an upload and its parts; their contents are the caller's to remove. */
    remove(uploadId: string): void {
      remove.run(uploadId);
    },
  };
}

export type Uploads = ReturnType<typeof createUploads>;
