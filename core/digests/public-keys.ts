import { md5 } from '../hash.ts';
import { isObject, type Json, requiredString } from '../records/read.ts';
import { dayMillis } from '../records/times.ts';

/** A key CloudTrail signs digests with (ListPublicKeys). Times in milliseconds. */
export interface PublicKey {
  /** MD5 (hex) of `der` */
  fingerprint: string;
  /** PKCS#1, DER */
  der: Buffer;
  validFrom: number;
  validUntil: number;
}

/** The public keys of a region that were valid at some time between two (milliseconds). */
export type ListKeys = (region: string, from: number, to: number) => Promise<readonly PublicKey[]>;

/** The same, with the one that is looked for among them if there is such a key. */
export type PublicKeys = (
  fingerprint: string,
  ...where: Parameters<ListKeys>
) => Promise<readonly PublicKey[]>;

/**
 * Lists keys once per region and day, as long as the process lives, and once more for a fingerprint that is not among
 * them: a key that is new since would make its digests look forged. A failure is thrown and not kept.
 */
export function keptKeys(list: ListKeys): PublicKeys {
  const known = new Map<string, readonly PublicKey[]>();
  return async (fingerprint, region, from, to) => {
    const [first, last] = [Math.floor(from / dayMillis), Math.floor(to / dayMillis) + 1];
    const name = `${region} ${first} ${last}`;
    const kept = known.get(name);
    if (kept?.some(key => key.fingerprint === fingerprint)) return kept;
    const keys = await list(region, first * dayMillis, last * dayMillis);
    known.set(name, keys);
    return keys;
  };
}

/** Throws SyntaxError when the fingerprint is not that of the key. */
export function publicKey(
  der: Buffer,
  fingerprint: string,
  validFrom: number,
  validUntil: number,
): PublicKey {
  const own = md5(der);
  if (own !== fingerprint.toLowerCase()) {
    throw new SyntaxError(`the fingerprint of a public key is ${own}, not ${fingerprint}`);
  }
  if (Number.isNaN(validFrom) || Number.isNaN(validUntil)) {
    throw new SyntaxError(`the public key ${fingerprint} does not say when it was valid`);
  }
  return { fingerprint: own, der, validFrom, validUntil };
}

/**
 * Reads what `aws cloudtrail list-public-keys` prints: `{"PublicKeyList": [{Value, Fingerprint, ValidityStartTime,
 * ValidityEndTime}]}`, times in seconds or ISO 8601, by the version of the AWS CLI. Throws SyntaxError or RecordError.
 */
export function parsePublicKeys(text: string): PublicKey[] {
  const value: unknown = JSON.parse(text);
  const list = isObject(value) ? value.PublicKeyList : undefined;
  if (!Array.isArray(list)) throw new SyntaxError('PublicKeyList is missing');
  return list.map((key: unknown) => {
    if (!isObject(key)) throw new SyntaxError('PublicKeyList holds something that is not an object');
    const der = Buffer.from(requiredString(key, 'Value'), 'base64');
    const fingerprint = requiredString(key, 'Fingerprint');
    return publicKey(der, fingerprint, millis(key, 'ValidityStartTime'), millis(key, 'ValidityEndTime'));
  });
}

/** Keys that are at hand. They do not say their region; a fingerprint has one key whatever the region. */
export function knownKeys(keys: readonly PublicKey[]): PublicKeys {
  return async () => keys;
}

function millis(key: Json, name: string): number {
  const { [name]: value } = key;
  return typeof value === 'number' ? value * 1000 : Date.parse(String(value));
}
