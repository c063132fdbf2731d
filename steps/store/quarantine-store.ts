import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { Refusal } from '../transport/payloads.ts';
import type { Arrived, QuarantineHeader } from '../transport/set-aside.ts';
import { quarantinePrefix } from './tables.ts';

/** Writes refused sources, whole and with their reasons: NDJSON, the header, then a line per refusal or arrived record. */
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
