import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { type Cloud, startCloud } from '@roletrail/local';
import { type Deployment, localDeployment } from '../../../cli/deployment/deployment.ts';
import { functionCache } from '../../../cli/project.ts';
import { itemsOf } from '../../../cli/queries/page.ts';
import type { Quarantined } from '../../../cli/queries/quarantine-store.ts';
import { quarantinedSince } from '../../../cli/queries/quarantined.ts';
import { parseConfig } from '../../../infra/config.ts';
import example from '../../../infra/roletrail.example.json' with { type: 'json' };
import { evidenceOf } from '../../../steps/store/evidence-item.ts';
import { synthesized } from '../../synthesized.ts';
import { scan } from '../scan.ts';

/** A synthesized stack that runs in the embedded cloud, with its front door and what became of what went in. */
export class HostileStack {
  readonly folder: string;
  readonly cloud: Cloud;
  readonly deployment: Deployment;
  readonly #s3: S3Client;
  readonly #began = new Date();

  private constructor(folder: string, cloud: Cloud) {
    this.folder = folder;
    this.cloud = cloud;
    this.deployment = localDeployment(cloud);
    const { endpoint, region, credentials } = cloud;
    this.#s3 = new S3Client({ endpoint, region, credentials, forcePathStyle: true });
  }

  static async start(): Promise<HostileStack> {
    const folder = mkdtempSync(join(tmpdir(), 'roletrail-hostile-'));
    const assembly = join(folder, 'cdk.out');
    const batch = { size: 60, windowSeconds: 1 };
    await synthesized(parseConfig({ ...example, auditedRoles: ['*'], batch }), assembly);
    return new HostileStack(folder, await startCloud({ compiled: functionCache, assembly, state: folder }));
  }

  get bucket(): string {
    return this.deployment.outputs.TrailBucketName;
  }

  output(name: string): string {
    const value = this.cloud.outputs.roletrail?.[name];
    if (!value) throw new Error(`the stack has no output ${name}`);
    return value;
  }

  async store(Key: string, Body: Buffer): Promise<void> {
    await this.#s3.send(new PutObjectCommand({ Bucket: this.bucket, Key, Body }));
  }

  send(queue: 'trail' | 'partner', body: string): Promise<void> {
    return this.cloud.send(this.output(queue === 'trail' ? 'TrailQueueUrl' : 'PartnerQueueUrl'), body);
  }

  quarantined(): Promise<Quarantined[]> {
    return quarantinedSince(this.deployment, this.#began, () => true);
  }

  /** The eventIDs of all evidence, each record of which can be read. */
  async eventIds(): Promise<Set<string>> {
    const { endpoint, region, credentials } = this.cloud;
    const client = new DynamoDBClient({ endpoint, region, credentials });
    const items = await scan(client, this.output('EvidenceTableName'));
    return new Set(items.map(item => evidenceOf(item).eventID));
  }

  /** Names of executions that did not succeed. */
  async unsuccessful(): Promise<string[]> {
    const names: string[] = [];
    for await (const { name, status } of itemsOf(this.deployment.executions.list()))
      if (status !== 'SUCCEEDED') names.push(name);
    return names;
  }

  async close(): Promise<void> {
    await this.cloud.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
