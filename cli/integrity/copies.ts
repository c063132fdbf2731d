import { existsSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { type DigestFile, parseDigest } from '../../core/digests/digest-file.ts';
import { digestLocation } from '../../core/digests/digest-key.ts';
import type { DigestHead } from '../../core/digests/signature.ts';
import { isObject } from '../../core/records/read.ts';
import { UsageError } from '../failure.ts';
import { readSmallFile } from './small-file.ts';

/** A copied file: where it is, and its key in the bucket it was copied from. */
export interface Copy {
  file: string;
  key: string;
}

/** Text of a digest; larger ones are none. */
const mostBytes = 32 * 1024 * 1024;
/** What `aws s3api head-object` prints is some lines. */
const mostHeadBytes = 1_000_000;
const headSuffix = '.head';

/** `DIGEST.head`: what `aws s3api head-object` prints of a digest; a copy of the object alone has lost its metadata. */
export function isHead(key: string): boolean {
  return key.endsWith(`.json.gz${headSuffix}`);
}

/** The bucket a copied digest says it lies in; null when it cannot be read. */
export function bucketOfCopy({ file }: Copy): string | null {
  return readFile(file)?.bucket ?? null;
}

/** The bucket a digest says it lies in; null when it cannot be read. */
export function bucketOfDigest(bytes: Buffer): string | null {
  return readCopy(bytes)?.bucket ?? null;
}

/**
 * The metadata of copied digests by key, as far as it is known. A copy has lost it: it stands in `DIGEST.head` beside it; the
 * digest that follows repeats the signature, but not when a backfill digest was made, without which its key is not known.
 * Throws UsageError for a `.head` that is none.
 */
export function headsOf(digests: readonly Copy[]): Map<string, DigestHead> {
  const found = new Map<string, DigestHead>();
  for (const { file } of digests) {
    const previous = readFile(file)?.previous;
    if (!previous || digestLocation(previous.key)?.backfill) continue;
    found.set(previous.key, { signature: previous.signature, generated: null });
  }
  for (const { file, key } of digests) {
    const head = readHead(`${file}${headSuffix}`);
    if (head) found.set(key, head);
  }
  return found;
}

function readFile(file: string): DigestFile | null {
  try {
    return readCopy(readSmallFile(file, mostBytes));
  } catch {
    // The check says what is wrong with it.
    return null;
  }
}

function readCopy(bytes: Buffer): DigestFile | null {
  try {
    return parseDigest(gunzipSync(bytes, { maxOutputLength: mostBytes }).toString('utf8'));
  } catch {
    // The check says what is wrong with it.
    return null;
  }
}

function readHead(file: string): DigestHead | null {
  if (!existsSync(file)) return null;
  let value: unknown;
  try {
    value = JSON.parse(readSmallFile(file, mostHeadBytes).toString('utf8'));
  } catch (error) {
    throw new UsageError(
      `${file} cannot be read as JSON: save the output of "aws s3api head-object" there`,
      error,
    );
  }
  const metadata = isObject(value) && isObject(value.Metadata) ? value.Metadata : {};
  const { signature, 'backfill-generation-timestamp': generated } = metadata;
  if (typeof signature === 'string')
    return { signature, generated: typeof generated === 'string' ? generated : null };
  throw new UsageError(`${file} has no Metadata.signature: save the output of "aws s3api head-object" there`);
}
