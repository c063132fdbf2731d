import { join } from 'node:path';
import type { ObjectCreated } from '../contract.ts';
import type { HttpService } from '../gateway/gateway.ts';
import { openDynamoDb } from '../services/dynamodb/deploy.ts';
import { buckets } from '../services/s3/deploy.ts';
import { createS3, type S3Server } from '../services/s3/service.ts';
import type { Deployment } from '../template/deployment.ts';

/** The services that keep data: S3 and DynamoDB. */
export interface Stores {
  services: { s3: HttpService; dynamodb: HttpService };
  /** see S3Server */
  store: S3Server['store'];
  served(bucket: string): number;
  close(): Promise<void>;
}

/** Opens the stores in the state folder, with the stack's buckets and tables in them. */
export type OpenStores = (
  deployment: Deployment,
  state: string,
  onCreated: (object: ObjectCreated) => void,
) => Promise<Stores>;

/** S3 and DynamoDB in the state folder. */
export const openStores: OpenStores = async (deployment, state, onObjectCreated) => {
  const { account, region } = deployment;
  const tables = deployment.of('AWS::DynamoDB::Table');
  const dynamodb = await openDynamoDb(join(state, 'dynamodb'), { account, region }, tables);
  try {
    const s3 = await createS3({ folder: join(state, 's3'), account, onObjectCreated });
    for (const bucket of buckets(deployment)) s3.createBucket(bucket);
    return {
      services: { s3, dynamodb: dynamodb.service },
      store: object => s3.store(object),
      served: bucket => s3.served(bucket),
      close: async () => {
        s3.close();
        await dynamodb.close();
      },
    };
  } catch (error) {
    await dynamodb.close();
    throw error;
  }
};
