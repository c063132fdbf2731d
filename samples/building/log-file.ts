import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { mixedCode } from './ids.ts';
import type { CloudTrailRecord } from './record.ts';

/** One log file of the production trail. `delivered` is the time in its name: `2025-03-11T09:25Z`. */
export interface LogFile {
  key: string;
  delivered: string;
  records: CloudTrailRecord[];
}

/** A log file under CloudTrail's own name (CloudTrail guide, log file examples). `unique` ends the name; 16 characters. */
export function logFile(
  account: string,
  region: string,
  delivered: string,
  records: CloudTrailRecord[],
  unique?: string,
): LogFile {
  const [day = '', minute = ''] = delivered.replace('Z', '').split('T');
  const time = `${day.replaceAll('-', '')}T${minute.replace(':', '')}Z`;
  const end = unique ?? mixedCode(`${account} ${region} ${time}`, 16);
  const folder = `AWSLogs/${account}/CloudTrail/${region}/${day.replaceAll('-', '/')}`;
  return { key: `${folder}/${account}_CloudTrail_${region}_${time}_${end}.json.gz`, delivered, records };
}

/**
 * The object's bytes: `{"Records":[...]}` on one line, gzipped. Stored, not compressed, because compressed bytes differ
 * between processors, and the test that rebuilds the samples holds byte against byte.
 */
export function logBytes(file: LogFile): Buffer {
  const text = Buffer.from(JSON.stringify({ Records: file.records }));
  const bytes = gzipSync(text, { level: 0, chunkSize: text.length + 1024 });
  bytes.writeUInt8(255, 9); // the system that wrote it: unknown (RFC 1952), or a rebuild elsewhere would differ
  return bytes;
}

/** The object's ETag in S3: of a plain upload, the MD5 of its bytes. */
export function etag(bytes: Buffer): string {
  return createHash('md5').update(bytes).digest('hex');
}
