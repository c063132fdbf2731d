import { PutObjectCommand } from '@aws-sdk/client-s3';
import { retriedPrefix } from '../../steps/store/tables.ts';
import type { Deployment } from '../deployment/deployment.ts';
import type { Entry } from '../queries/quarantine-entries.ts';

/** Notes that an entry was sent again. Twice is once. */
export async function markRetried({ s3, outputs }: Deployment, { id }: Entry): Promise<void> {
  await s3.send(
    new PutObjectCommand({
      Bucket: outputs.WorkBucketName,
      Key: `${retriedPrefix}${id}`,
      Body: new Date().toISOString(),
    }),
  );
}
