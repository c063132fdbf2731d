import { parseDigest } from '../../core/digests/digest-file.ts';
import { digestLocation } from '../../core/digests/digest-key.ts';
import type { PublicKey } from '../../core/digests/public-keys.ts';
import { signedWithin } from '../../core/digests/signature.ts';
import { unpackedDigest } from '../../core/digests/uncompressed.ts';
import { inParallel } from '../../core/parallel.ts';
import { CliError } from '../failure.ts';
import { fileOf } from '../queries/file-integrity.ts';
import { AccessRefused, type Store, type TrailStore } from '../queries/store.ts';
import { megabytes } from '../views/text/format.ts';
import { mostLogBytes, type SourceIntegrity } from './format.ts';
import { hoursLogs } from './hours.ts';
import type { Fetched, Proofs } from './objects.ts';

const atOnce = 6;

/**
 * Fetches the digests that verdicts cite and the keys they are signed with, and with `withLogs` the log files themselves.
 * A file that cannot be had is named as missing. Throws CliError for more log files than a bundle can take.
 */
export async function collectProofs(
  integrity: readonly SourceIntegrity[],
  { trail }: Pick<Store, 'trail'>,
  withLogs: boolean,
): Promise<Proofs> {
  const cited = distinct(integrity.flatMap(({ digest }) => digest ?? []));
  const fetched = await inParallel(cited, atOnce, uri => fetchObject(uri, trail));
  const signers = await inParallel(fetched, atOnce, digest => signerOf(digest, trail));
  const keys = new Map(signers.flatMap(({ key }) => (key ? [[key.fingerprint, key]] : [])));
  return {
    digests: signers.map(({ digest }) => digest),
    logs: withLogs ? await logsOf(integrity, fetched, trail) : null,
    keys: [...keys.values()],
  };
}

/** The log files that records are from, and the others that the digests name, as far as there is room: whole hours show more. */
async function logsOf(
  integrity: readonly SourceIntegrity[],
  digests: readonly Fetched[],
  trail: TrailStore,
): Promise<Fetched[]> {
  const uris = distinct(integrity.map(({ source }) => source)).filter(source => source.startsWith('s3://'));
  let total = 0;
  const logs = await inParallel(uris, atOnce, async uri => {
    const log = await fetchObject(uri, trail);
    total += log.bytes?.length ?? 0;
    if (total <= mostLogBytes) return log;
    throw new CliError(
      `the log files of this session have more than ${megabytes(mostLogBytes)}: make the bundle without them`,
    );
  });
  const others = await hoursLogs(digests, new Set(uris), mostLogBytes - total, uri =>
    fetchObject(uri, trail),
  );
  return [...logs, ...others].sort((a, b) => (a.uri < b.uri ? -1 : 1));
}

async function fetchObject(uri: string, trail: TrailStore): Promise<Fetched> {
  const { bucket, key } = fileOf(uri) ?? { bucket: '', key: '' };
  const nothing = { uri, bytes: null, head: { signature: null, generated: null } };
  try {
    const object = await trail.open(bucket, key);
    if (!object) return { ...nothing, missing: 'it is no longer in its bucket' };
    const bytes = Buffer.concat(await Array.fromAsync(object.body));
    return { uri, bytes, head: object.head, missing: null };
  } catch (error) {
    if (!(error instanceof AccessRefused)) throw error;
    return { ...nothing, missing: 'the maker of the bundle was not allowed to read it' };
  }
}

/** The key a digest says it is signed with, from CloudTrail; never from the bucket. */
async function signerOf(
  digest: Fetched,
  { publicKeys }: TrailStore,
): Promise<{ digest: Fetched; key: PublicKey | null }> {
  const location = digestLocation(digest.uri.replace(/^s3:\/\/[^/]+\//, ''));
  if (!digest.bytes || !location) return { digest, key: null };
  const without = (missing: string) => ({ digest: { ...digest, missing }, key: null });
  let parsed: ReturnType<typeof parseDigest>;
  try {
    parsed = parseDigest((await unpackedDigest(digest.bytes)).toString('utf8'));
  } catch (error) {
    return without(`it cannot be read: ${(error as Error).message}`);
  }
  try {
    const span = signedWithin(parsed, location, digest.head);
    if (!span) return without('it does not say when it was made');
    const keys = await publicKeys(parsed.fingerprint, location.region, ...span);
    const key = keys.find(({ fingerprint }) => fingerprint === parsed.fingerprint);
    return key ? { digest, key } : without(`CloudTrail has no public key ${parsed.fingerprint} for its time`);
  } catch (error) {
    if (!(error instanceof AccessRefused)) throw error;
    return without('the maker of the bundle was not allowed to list the public keys');
  }
}

function distinct(texts: readonly string[]): string[] {
  return [...new Set(texts)].sort();
}
