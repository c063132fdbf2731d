import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** One version of an object, or a delete marker. Times in milliseconds, size in bytes, `etag` without quotes. */
export interface Version {
  bucket: string;
  key: string;
  /** `null` in a bucket without versioning, as S3 names it */
  versionId: string;
  marker: boolean;
  /** the file that holds the bytes; none for a delete marker */
  content: string | null;
  size: number;
  etag: string;
  modified: number;
  /** content-type and the like, and x-amz-meta-*, lower case */
  headers: Record<string, string>;
  checksum?: Checksum;
}

/** A checksum as S3 keeps it: lower-case algorithm (`crc32`), base64, of the whole object or of its parts' checksums. */
export interface Checksum {
  algorithm: string;
  value: string;
  type: 'FULL_OBJECT' | 'COMPOSITE';
}

export interface Bucket {
  name: string;
  versioned: boolean;
  created: number;
}

const schema = `
  CREATE TABLE IF NOT EXISTS buckets (name TEXT PRIMARY KEY, versioned INTEGER NOT NULL, created INTEGER NOT NULL);
  CREATE TABLE IF NOT EXISTS versions (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    bucket TEXT NOT NULL, key BLOB NOT NULL, versionId TEXT NOT NULL, latest INTEGER NOT NULL,
    marker INTEGER NOT NULL, content TEXT, size INTEGER NOT NULL, etag TEXT NOT NULL, modified INTEGER NOT NULL,
    headers TEXT NOT NULL, checksum TEXT, UNIQUE (bucket, key, versionId));
  CREATE UNIQUE INDEX IF NOT EXISTS latest ON versions (bucket, key) WHERE latest = 1;
  CREATE TABLE IF NOT EXISTS uploads (uploadId TEXT PRIMARY KEY, bucket TEXT NOT NULL, key BLOB NOT NULL,
    headers TEXT NOT NULL, algorithm TEXT, checksumType TEXT);
  CREATE TABLE IF NOT EXISTS parts (uploadId TEXT NOT NULL REFERENCES uploads ON DELETE CASCADE, number INTEGER NOT NULL,
    content TEXT NOT NULL, size INTEGER NOT NULL, etag TEXT NOT NULL, checksum TEXT, PRIMARY KEY (uploadId, number));
`;

type Row = Record<string, unknown>;

export class CatalogueInUse extends Error {
  override name = 'CatalogueInUse';
}

/** Opens the database of a folder for this process alone. Throws {@link CatalogueInUse} when another one has it. */
export function openDatabase(folder: string): DatabaseSync {
  const database = new DatabaseSync(join(folder, 'catalogue.sqlite'));
  try {
    // EXCLUSIVE: a second process would take uploads under way here for left-overs and delete them.
    database.exec(
      'PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON',
    );
    database.exec(`BEGIN IMMEDIATE; ${schema}; COMMIT`);
  } catch (cause) {
    database.close();
    if (/database is locked/.test(String(cause))) {
      throw new CatalogueInUse(`the folder ${folder} is in use by another process`, { cause });
    }
    throw cause;
  }
  return database;
}

/** Runs `work` in one transaction: all of it is kept or none. */
export function transaction<T>(database: DatabaseSync, work: () => T): T {
  database.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    database.exec('COMMIT');
    return result;
  } catch (error) {
    database.exec('ROLLBACK');
    throw error;
  }
}

/** What is stored where. Keys are kept as bytes, so that their order is S3's: that of UTF-8 bytes. */
export function createCatalogue(database: DatabaseSync) {
  const bucketByName = database.prepare('SELECT * FROM buckets WHERE name = ?');
  const allBuckets = database.prepare('SELECT * FROM buckets ORDER BY name');
  const putBucket = database.prepare(
    'INSERT INTO buckets VALUES (?, ?, ?) ON CONFLICT (name) DO UPDATE SET versioned = excluded.versioned',
  );
  const latest = database.prepare('SELECT * FROM versions WHERE bucket = ? AND key = ? AND latest = 1');
  const byId = database.prepare('SELECT * FROM versions WHERE bucket = ? AND key = ? AND versionId = ?');
  const retire = database.prepare(
    'UPDATE versions SET latest = 0 WHERE bucket = ? AND key = ? AND latest = 1',
  );
  const insert = database.prepare(
    'INSERT INTO versions (bucket, key, versionId, latest, marker, content, size, etag, modified, headers, checksum) VALUES (?, ?, ?, 1, ?, ?, ?, ?, ?, ?, ?)',
  );
  const remove = database.prepare('DELETE FROM versions WHERE bucket = ? AND key = ? AND versionId = ?');
  const promote = database.prepare(
    'UPDATE versions SET latest = 1 WHERE sequence = (SELECT max(sequence) FROM versions WHERE bucket = ? AND key = ?)',
  );
  const next = database.prepare(
    'SELECT * FROM versions WHERE bucket = ? AND latest = 1 AND marker = 0 AND key >= ? AND key < ? ORDER BY key LIMIT 1',
  );
  const contents = database.prepare(
    'SELECT content FROM versions WHERE content IS NOT NULL UNION ALL SELECT content FROM parts',
  );

  const readBucket = (row: Row): Bucket => ({
    name: String(row.name),
    versioned: row.versioned === 1,
    created: Number(row.created),
  });
  const get = (row: Row | undefined) => (row ? readVersion(row) : undefined);

  return {
    bucket(name: string): Bucket | undefined {
      const row = bucketByName.get(name);
      return row ? readBucket(row) : undefined;
    },
    buckets: (): Bucket[] => allBuckets.all().map(readBucket),
    putBucket(bucket: Bucket): void {
      putBucket.run(bucket.name, Number(bucket.versioned), bucket.created);
    },

    /** the latest version, which may be a delete marker */
    latest: (bucket: string, key: string) => get(latest.get(bucket, Buffer.from(key))),
    version: (bucket: string, key: string, id: string) => get(byId.get(bucket, Buffer.from(key), id)),

    /** Stores a version as the latest one and answers the content it takes the place of, if any. */
    put(version: Version): string | null {
      const key = Buffer.from(version.key);
      return transaction(database, () => {
        const replaced = get(byId.get(version.bucket, key, version.versionId));
        remove.run(version.bucket, key, version.versionId);
        retire.run(version.bucket, key);
        insert.run(
          version.bucket,
          key,
          version.versionId,
          Number(version.marker),
          version.content,
          version.size,
          version.etag,
          version.modified,
          JSON.stringify(version.headers),
          version.checksum ? JSON.stringify(version.checksum) : null,
        );
        return replaced?.content ?? null;
      });
    },

    /** Removes one version for good; the one before it becomes the latest. */
    remove({ bucket, key: name, versionId }: Version): void {
      const key = Buffer.from(name);
      transaction(database, () => {
        remove.run(bucket, key, versionId);
        if (!latest.get(bucket, key)) promote.run(bucket, key);
      });
    },

    /** The first object whose key lies from `from` (with it) to `to` (without); delete markers do not count. */
    next: (bucket: string, from: Buffer, to: Buffer) => get(next.get(bucket, from, to)),

    /** every content file that something refers to */
    contents: (): Set<string> => new Set(contents.all().map(row => String(row.content))),
  };
}

export type Catalogue = ReturnType<typeof createCatalogue>;

function readVersion(row: Row): Version {
  return {
    bucket: String(row.bucket),
    key: Buffer.from(row.key as Uint8Array).toString('utf8'),
    versionId: String(row.versionId),
    marker: row.marker === 1,
    content: row.content === null ? null : String(row.content),
    size: Number(row.size),
    etag: String(row.etag),
    modified: Number(row.modified),
    headers: JSON.parse(String(row.headers)),
    ...(row.checksum !== null && { checksum: JSON.parse(String(row.checksum)) }),
  };
}
