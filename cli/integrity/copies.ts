import { gunzipSync } from 'node:zlib';
import { type DigestFile, parseDigest } from '../../core/digests/digest-file.ts';
import { digestLocation } from '../../core/digests/digest-key.ts';
import type { DigestHead } from '../../core/digests/signature.ts';
import { isObject } from '../../core/records/read.ts';
import { UsageError } from '../failure.ts';
import { allOf, type Bytes } from '../inputs/bytes.ts';

/** A copied file: what it is called, its key in the bucket it was copied from, and its bytes. */
export interface Copy {
  file: string;
  key: string;
  bytes: Bytes;
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
export async function bucketOfCopy(copy: Copy): Promise<string | null> {
  return (await readFile(copy))?.bucket ?? null;
}

/** The bucket a digest says it lies in; null when it cannot be read. */
export function bucketOfDigest(bytes: Buffer): string | null {
  return readCopy(bytes)?.bucket ?? null;
}

/**
 * The metadata of copied digests by key, as far as it is known. A copy has lost it: it stands in `DIGEST.head` beside it; the
 * digest that follows repeats the signature, but not when a backfill digest was made, without which its key is not known.
 * `heads`: those that stand there, by their own names. Throws UsageError for a `.head` that is none.
 */
export async function headsOf(
  digests: readonly Copy[],
  heads: ReadonlyMap<string, Bytes>,
): Promise<Map<string, DigestHead>> {
  const found = new Map<string, DigestHead>();
  for (const copy of digests) {
    const previous = (await readFile(copy))?.previous;
    if (!previous || digestLocation(previous.key)?.backfill) continue;
    found.set(previous.key, { signature: previous.signature, generated: null });
  }
  for (const { file, key } of digests) {
    const bytes = heads.get(`${key}${headSuffix}`);
    if (bytes) found.set(key, await readHead(`${file}${headSuffix}`, bytes));
  }
  return found;
}

async function readFile({ bytes }: Copy): Promise<DigestFile | null> {
  try {
    const all = await allOf(bytes.stream(), mostBytes);
    return all && readCopy(all);
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

async function readHead(file: string, bytes: Bytes): Promise<DigestHead> {
  let value: unknown;
  try {
    value = JSON.parse(String(await allOf(bytes.stream(), mostHeadBytes)));
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
