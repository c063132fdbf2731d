import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { persist } from '../steps/persist.ts';
import { EvidenceTable } from '../steps/store/evidence-table.ts';
import { LookupWriter } from '../steps/store/lookup-writer.ts';
import { eventsWithRecords } from '../steps/transport/events.ts';
import type { Normalized } from '../steps/transport/payloads.ts';
import { median } from './contestant.ts';
import { generate } from './generator.ts';
import type { Figure } from './goals.ts';
import { localS3 } from './local-s3.ts';
import { computePath, fetched, workData } from './pipeline.ts';

const latency = 5;
const putItems = 300;

/** Persist against one PutItem after the other, as the article writes them, on a table that answers after 5 ms. */
export async function persistFigures(scratch: string, rounds: number): Promise<Figure[]> {
  const out = mkdtempSync(join(scratch, 'persist-'));
  const made = await generate({ out, bytes: 10e6, fileBytes: 10e6, kept: 1, seed: 7 });
  const { s3 } = localS3({ trail: '/', work: join(out, 'objects') });
  const input = await computePath(fetched('/', made.files), s3);
  const table = spawn(
    process.execPath,
    [join(import.meta.dirname, 'contestants', 'slow-dynamodb.ts'), `${latency}`],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  try {
    const endpoint = await endpointOf(table);
    const credentials = { accessKeyId: 'AKIABENCH', secretAccessKey: 'bench' };
    const client = new DynamoDBClient({ endpoint, region: 'us-east-1', credentials });
    const ours: number[] = [];
    const sequential: number[] = [];
    const evidence = new EvidenceTable(client, 'evidence');
    for (let round = 0; round < rounds; round += 1) {
      const lookups = new LookupWriter(client, 'lookups');
      const run = { evidence, lookups, work: workData(s3), execution: `bench-${round}` };
      ours.push(await perSecond(input.counts.normalized, () => persist(input, run)));
      sequential.push(await perSecond(putItems, () => putAll(input, s3, client)));
    }
    const asked = (await (await fetch(endpoint)).json()) as {
      requests: number;
      items: number;
      units: number;
    };
    const items = asked.items - putItems * rounds;
    const requests = asked.requests - putItems * rounds;
    return [
      { name: `PutItem one by one at ${latency} ms`, value: median(sequential), unit: 'records/s' },
      { name: `Persist at ${latency} ms`, value: median(ours), unit: 'records/s' },
      {
        name: 'Persist / PutItem one by one',
        value: median(ours) / median(sequential),
        unit: 'x',
        goal: { atLeast: 25 },
      },
      {
        name: 'Persist: requests per 1,000 records',
        value: (requests / items) * 1000,
        unit: '',
        goal: { atMost: 45 },
      },
      {
        name: 'Persist: write units per record',
        value: asked.units / items,
        unit: '',
        goal: { atMost: 2.2 },
      },
    ];
  } finally {
    table.kill();
  }
}

async function endpointOf(table: ChildProcessByStdio<null, Readable, null>): Promise<string> {
  const [port] = await once(table.stdout, 'data');
  return `http://127.0.0.1:${String(port).trim()}`;
}

async function perSecond(count: number, work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return (count / (performance.now() - began)) * 1000;
}

async function putAll(
  { data, events }: Normalized,
  s3: ReturnType<typeof localS3>['s3'],
  client: DynamoDBClient,
): Promise<void> {
  const work = workData(s3);
  let left = putItems;
  for await (const { event, text } of eventsWithRecords(work.read(events), work.read(data))) {
    const { eventID, eventTime, caller } = event;
    const item = { accessKeyId: caller.accessKeyId ?? '', eventTime, eventID, record: text };
    const Item = Object.fromEntries(Object.entries(item).map(([name, S]) => [name, { S }]));
    await client.send(new PutItemCommand({ TableName: 'evidence', Item }));
    left -= 1;
    if (left === 0) return;
  }
}
