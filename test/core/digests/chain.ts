import { createHash, createSign, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';

/**
 * A trail that writes log files and digests, from AWS's pages alone: "CloudTrail digest file structure" and "custom
 * implementations of CloudTrail log file integrity validation". Shares nothing with what it tests.
 */

export interface SigningKey {
  privateKey: KeyObject;
  der: Buffer;
  fingerprint: string;
}

export function signingKey(): SigningKey {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const der = publicKey.export({ type: 'pkcs1', format: 'der' });
  return { privateKey, der, fingerprint: createHash('md5').update(der).digest('hex') };
}

export interface Stored {
  bytes: Buffer;
  metadata: Record<string, string>;
}

export type Objects = Map<string, Stored>;
export type Content = Record<string, unknown> & { logFiles: Record<string, unknown>[] };

export const bucket = 'cloudtrailbucket-999999999999';
export const account = '999999999999';
export const region = 'us-east-1';

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
const compact = (time: Date) => `${time.toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`;
const iso = (time: Date) => `${time.toISOString().slice(0, 19)}Z`;

export class Trail {
  readonly objects: Objects;
  readonly digests: string[] = [];
  readonly logs: string[][] = [];
  readonly key: SigningKey;
  readonly #name: string;
  readonly #account: string;
  #last: { key: string; hash: string; signature: string } | null = null;

  constructor(key: SigningKey, objects: Objects = new Map(), name = 'management_events', of = account) {
    this.key = key;
    this.objects = objects;
    this.#name = name;
    this.#account = of;
  }

  /** One hour: log files, and the digest that names them. `end`: of the hour, ISO 8601. */
  hour(
    end: string,
    texts: readonly string[] = ['{"Records":[]}'],
    change: (content: Content) => void = () => {},
  ) {
    const account = this.#account;
    const until = new Date(end);
    const from = new Date(until.getTime() - 3_600_000);
    const folder = (kind: string) =>
      `AWSLogs/${account}/${kind}/${region}/${iso(until).slice(0, 10).replaceAll('-', '/')}`;
    const logs = texts.map((text, index) => {
      const time = compact(new Date(from.getTime() + (index + 1) * 300_000)).replace(/\d\dZ$/, 'Z');
      const unique = sha256(Buffer.from(`${this.#name}${end}${index}`)).slice(0, 16);
      const key = `${folder('CloudTrail')}/${account}_CloudTrail_${region}_${time}_${unique}.json.gz`;
      this.objects.set(key, { bytes: gzipSync(text), metadata: {} });
      return { key, hash: sha256(Buffer.from(text)) };
    });
    const key = `${folder('CloudTrail-Digest')}/${account}_CloudTrail-Digest_${region}_${this.#name}_${region}_${compact(until)}.json.gz`;
    const content: Content = {
      awsAccountId: account,
      digestStartTime: iso(from),
      digestEndTime: iso(until),
      digestS3Bucket: bucket,
      digestS3Object: key,
      digestPublicKeyFingerprint: this.key.fingerprint,
      digestSignatureAlgorithm: 'SHA256withRSA',
      newestEventTime: iso(until),
      oldestEventTime: iso(from),
      previousDigestS3Bucket: this.#last && bucket,
      previousDigestS3Object: this.#last?.key ?? null,
      previousDigestHashValue: this.#last?.hash ?? null,
      previousDigestHashAlgorithm: this.#last && 'SHA-256',
      previousDigestSignature: this.#last?.signature ?? null,
      logFiles: logs.map(log => ({
        s3Bucket: bucket,
        s3Object: log.key,
        hashValue: log.hash,
        hashAlgorithm: 'SHA-256',
        newestEventTime: iso(until),
        oldestEventTime: iso(from),
      })),
    };
    change(content);
    this.#last = { key, ...sign(this.objects, key, content, this.key.privateKey) };
    this.digests.push(key);
    this.logs.push(logs.map(log => log.key));
    return this;
  }

  /** CloudTrail, or somebody at the trail, stops validation: the next digest is the first of a new chain. */
  restart() {
    this.#last = null;
    return this;
  }
}

/** Writes a digest to `at`, signed as its content says. */
export function sign(objects: Objects, at: string, content: Content, key: KeyObject) {
  const bytes = Buffer.from(JSON.stringify(content));
  const hash = sha256(bytes);
  const text = [
    content.digestEndTime,
    `${content.digestS3Bucket}/${content.digestS3Object}`,
    hash,
    content.previousDigestSignature ?? 'null',
  ].join('\n');
  const signature = createSign('RSA-SHA256').update(text).sign(key).toString('hex');
  const metadata = { signature, 'signature-algorithm': 'SHA256withRSA' };
  objects.set(at, { bytes: gzipSync(bytes), metadata });
  return { hash, signature };
}

/** Changes what an object holds, and leaves its name and metadata. */
export function rewrite(objects: Objects, key: string, change: (text: Buffer) => Buffer): void {
  const stored = objects.get(key);
  if (!stored) throw new Error(`no object ${key}`);
  objects.set(key, { ...stored, bytes: gzipSync(change(gunzipSync(stored.bytes))) });
}

/** `aws cloudtrail list-public-keys` of one key. */
export function keysJson(
  { der, fingerprint }: SigningKey,
  from = '2025-01-01T00:00:00Z',
  to = '2026-01-01T00:00:00Z',
) {
  const key = {
    Value: der.toString('base64'),
    ValidityStartTime: from,
    ValidityEndTime: to,
    Fingerprint: fingerprint,
  };
  return JSON.stringify({ PublicKeyList: [key] });
}
