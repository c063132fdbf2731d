import { GetObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { lastPart } from '../../core/records/arn.ts';
import { dayMillis } from '../../core/records/times.ts';
import type { Arrived, QuarantineHeader } from '../../steps/store/quarantine-store.ts';
import { quarantinePrefix } from '../../steps/store/tables.ts';
import type { Refusal } from '../../steps/transport/contract.ts';
import { lines } from '../../steps/transport/lines.ts';
import type { Deployment } from '../deployment/deployment.ts';
import { CliError } from '../failure.ts';

/** One object in quarantine. */
export interface Quarantined {
  key: string;
  header: QuarantineHeader;
  refusals: Refusal[];
  /** of a failed batch of messages: what came, to be sent again */
  arrived: Arrived['arrived'][];
}

/**
 * What was set aside since `began`, by those that `mine` says are this replay's: executions by name, intake's as
 * `intake-...`. Reads the days' prefixes only, however much older quarantine there is.
 */
export async function quarantinedSince(
  deployment: Deployment,
  began: Date,
  mine: (execution: string) => boolean,
): Promise<Quarantined[]> {
  const found: Quarantined[] = [];
  const startOfDay = Date.parse(began.toISOString().slice(0, 10));
  for (let day = startOfDay; day <= Date.now(); day += dayMillis) {
    for (const key of await keysOf(
      deployment,
      `${quarantinePrefix}${new Date(day).toISOString().slice(0, 10)}/`,
    )) {
      if (!mine(executionIn(key))) continue;
      const object = await readQuarantined(deployment, key);
      if (object.header.at >= began.toISOString()) found.push(object);
    }
  }
  return found;
}

/** Reads one object of the quarantine. Throws CliError when it is none. */
export async function readQuarantined(deployment: Deployment, key: string): Promise<Quarantined> {
  const { Body } = await deployment.s3.send(
    new GetObjectCommand({ Bucket: deployment.outputs.WorkBucketName, Key: key }),
  );
  if (!Body) throw new CliError(`${key} in quarantine has no body`);
  const all: object[] = [];
  for await (const line of lines(Body as AsyncIterable<Buffer>)) all.push(JSON.parse(line) as object);
  const [header, ...kept] = all;
  if (!header) throw new CliError(`${key} in quarantine is empty`);
  const refusals = kept.filter(each => !('arrived' in each)) as Refusal[];
  const arrived = kept.flatMap(each => ('arrived' in each ? [(each as Arrived).arrived] : []));
  return { key, header: header as QuarantineHeader, refusals, arrived };
}

/** Sources, records and messages that were refused one by one, and batches that failed whole. */
export function countOf(quarantined: readonly Quarantined[]): number {
  return quarantined.reduce(
    (sum, { header, refusals }) => sum + refusals.length + (header.failure ? 1 : 0),
    0,
  );
}

/** All keys of the work bucket that begin so. */
export async function keysOf({ s3, outputs }: Deployment, prefix: string): Promise<string[]> {
  const keys: string[] = [];
  let token: string | undefined;
  do {
    const page = await s3.send(
      new ListObjectsV2Command({
        Bucket: outputs.WorkBucketName,
        Prefix: prefix,
        ...(token ? { ContinuationToken: token } : {}),
      }),
    );
    for (const { Key } of page.Contents ?? []) if (Key) keys.push(Key);
    token = page.NextContinuationToken;
  } while (token);
  return keys;
}

function executionIn(key: string): string {
  return lastPart(key).replace(/(?:-batch)?\.ndjson$/, '');
}
