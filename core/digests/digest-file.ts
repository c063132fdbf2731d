import { isObject, type Json, requiredString, stringAt } from '../records/read.ts';

/** Where another object lies, and the SHA-256 (hex) of its uncompressed bytes. */
export interface Hashed {
  bucket: string;
  key: string;
  hash: string;
}

/** A digest's content, as far as it is needed (CloudTrail guide, digest file structure). */
export interface DigestFile {
  account: string;
  bucket: string;
  key: string;
  /** as written: the signed string repeats it letter by letter */
  startTime: string;
  endTime: string;
  /** MD5 (hex) of the public key's PKCS#1 DER */
  fingerprint: string;
  /** null in the first digest of a chain */
  previous: (Hashed & { signature: string }) | null;
  logFiles: Hashed[];
}

/** Reads a digest's text. Throws RecordError (a field) or SyntaxError (no JSON); nothing is taken for granted. */
export function parseDigest(text: string): DigestFile {
  const value: unknown = JSON.parse(text);
  if (!isObject(value)) throw new SyntaxError('it is not a JSON object');
  only(value, 'digestSignatureAlgorithm', 'SHA256withRSA');
  return {
    account: requiredString(value, 'awsAccountId'),
    bucket: requiredString(value, 'digestS3Bucket'),
    key: requiredString(value, 'digestS3Object'),
    startTime: time(value, 'digestStartTime'),
    endTime: time(value, 'digestEndTime'),
    fingerprint: requiredString(value, 'digestPublicKeyFingerprint').toLowerCase(),
    previous: previousIn(value),
    logFiles: logFilesIn(value),
  };
}

const previousFields = [
  'previousDigestS3Bucket',
  'previousDigestS3Object',
  'previousDigestHashValue',
  'previousDigestHashAlgorithm',
  'previousDigestSignature',
];

function previousIn(value: Json): DigestFile['previous'] {
  // A starting digest has none of them; one of some of them would pass for a start and hide what was before.
  if (previousFields.every(name => stringAt(value, name) === null)) return null;
  only(value, 'previousDigestHashAlgorithm', 'SHA-256');
  return {
    bucket: requiredString(value, 'previousDigestS3Bucket'),
    key: requiredString(value, 'previousDigestS3Object'),
    hash: requiredString(value, 'previousDigestHashValue').toLowerCase(),
    signature: requiredString(value, 'previousDigestSignature'),
  };
}

function logFilesIn(value: Json): Hashed[] {
  const { logFiles } = value;
  if (!Array.isArray(logFiles)) throw new SyntaxError('logFiles is not a list');
  return logFiles.map((file: unknown) => {
    if (!isObject(file)) throw new SyntaxError('logFiles holds something that is not an object');
    only(file, 'hashAlgorithm', 'SHA-256');
    return {
      bucket: requiredString(file, 's3Bucket'),
      key: requiredString(file, 's3Object'),
      hash: requiredString(file, 'hashValue').toLowerCase(),
    };
  });
}

function only(value: Json, name: string, known: string): void {
  const found = requiredString(value, name);
  if (found !== known) throw new SyntaxError(`${name} is ${found}, not ${known}`);
}

function time(value: Json, name: string): string {
  const text = requiredString(value, name);
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(text) || Number.isNaN(Date.parse(text))) {
    throw new SyntaxError(`${name} is not a time: ${text.slice(0, 40)}`);
  }
  return text;
}
