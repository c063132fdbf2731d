import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { Batch, Refusal } from '../transport/contract.ts';
import { quarantinePrefix } from './tables.ts';

/** The first line of a quarantine object: what was set aside, when, and why. */
export interface QuarantineHeader {
  /** the execution, or the intake invocation, that set it aside */
  execution: string;
  at: string;
  /** how many sources, records or messages it holds; a whole batch counts its sources */
  count: number;
  /** why the whole batch failed; null when single sources or records were refused */
  failure: { error: string; message: string } | null;
  /** the state's whole input, for a batch that failed: it can be sent again */
  input: Batch | null;
}

/** A record that came as a message, of a batch that failed: nowhere else is it kept for longer than a day. */
export interface Arrived {
  arrived: { source: string; account: string | null; text: string };
}

/** Keeps what was refused, whole and with its reason: NDJSON, the header, then a line per refusal or arrived record. */
export async function quarantineObject(
  s3: S3Client,
  bucket: string,
  header: QuarantineHeader,
  kept: Iterable<Refusal | Arrived>,
): Promise<string> {
  const lines = [JSON.stringify(header)];
  for (const each of kept) lines.push(JSON.stringify(each));
  const key = `${quarantinePrefix}${header.at.slice(0, 10)}/${header.execution}${header.failure ? '-batch' : ''}.ndjson`;
  await s3.send(
    new PutObjectCommand({
      Bucket: bucket,
      Key: key,
      Body: `${lines.join('\n')}\n`,
      ContentType: 'application/x-ndjson',
    }),
  );
  return key;
}
