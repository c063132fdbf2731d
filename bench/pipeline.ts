import { statSync } from 'node:fs';
import { relative } from 'node:path';
import type { S3Client } from '@aws-sdk/client-s3';
import { AuditedRoles } from '../core/identities/roles.ts';
import { TrailAccounts } from '../core/reading/accounts.ts';
import { decompress } from '../steps/decompress.ts';
import { filter } from '../steps/filter.ts';
import { normalize } from '../steps/normalize.ts';
import { readEvents } from '../steps/transport/events.ts';
import { type Fetched, type Normalized, noCounts } from '../steps/transport/payloads.ts';
import { WorkData } from '../steps/transport/work-data.ts';
import { account, auditedRoleArn } from './generator/accounts.ts';
import { trailBucket, workBucket } from './local-s3.ts';

export const roles = new AuditedRoles([auditedRoleArn]);
export const accounts = new TrailAccounts([account]);

/** What Fetch hands to Decompress for these log files. */
export function fetched(trail: string, files: readonly string[]): Fetched {
  const now = new Date(0).toISOString();
  return {
    step: 'Fetch',
    provenance: 'trail',
    receivedAt: now,
    deliveredAt: now,
    counts: { ...noCounts, sources: files.length },
    refused: { count: 0 },
    sources: files.map(file => ({
      bucket: trailBucket,
      key: relative(trail, file),
      etag: 'bench',
      size: statSync(file).size,
    })),
  };
}

export function workData(s3: S3Client): WorkData {
  return new WorkData(s3, workBucket, 'bench');
}

/** The compute path: Decompress, Filter, Normalize, one after the other, as the state machine runs them. */
export async function computePath(input: Fetched, s3: S3Client): Promise<Normalized> {
  const work = workData(s3);
  const decompressed = await decompress(input, { s3, roles, work });
  const filtered = await filter(decompressed, { roles, work });
  return normalize(filtered, { roles, accounts, work });
}

/** How many of the normalized events are calls under the audited role. */
export async function callsIn({ events }: Normalized, s3: S3Client): Promise<number> {
  let calls = 0;
  for await (const block of readEvents(workData(s3).read(events))) {
    for (const { event } of block) if (roles.hasCaller(event.caller)) calls += 1;
  }
  return calls;
}
