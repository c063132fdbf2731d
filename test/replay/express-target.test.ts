import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ListObjectsV2Command } from '@aws-sdk/client-s3';
import { localDeployment } from '../../cli/deployment/deployment.ts';
import { readConfig } from '../../infra/config.ts';
import { startCloud } from '../../local/cloud.ts';
import type { Cloud } from '../../local/cloud-contract.ts';
import { synthesized } from '../synthesized.ts';
import { inProcess, pointAwsAt } from './in-process.ts';
import { project, readJson, type Summary, temporaryFolder } from './roletrail.ts';

const folder = temporaryFolder();
const article = join(project, 'samples', 'article', 'input');
const outputs = join(folder, 'outputs.json');
let cloud: Cloud;

beforeAll(async () => {
  const config = readConfig(join(project, 'samples', 'roletrail.json'));
  const out = join(folder, 'cdk.out');
  const assembly = await synthesized(
    {
      ...config,
      trailBucket: { ...config.trailBucket, create: true },
      workflow: 'express',
      redelivered: 'process',
    },
    out,
  );
  cloud = await startCloud({ assembly, state: join(folder, 'state') });
  writeFileSync(outputs, JSON.stringify(cloud.outputs));
  pointAwsAt(cloud);
});
afterAll(() => cloud.close());

const onAws = (...words: string[]) => inProcess([...words, '--target', 'aws', '--outputs', outputs]);

test('a replay on an Express workflow says the same as one on a Standard workflow', async () => {
  const standard = join(folder, 'standard');
  expect(
    await inProcess(['replay', article, '--state', join(folder, 'here'), '--out', standard]),
  ).toMatchObject({
    status: 0,
  });
  const express = join(folder, 'express');
  expect(await onAws('replay', article, '--out', express)).toMatchObject({ status: 0 });
  for (const file of ['calls.ndjson', 'sessions.ndjson']) {
    expect(readFileSync(join(express, file), 'utf8')).toBe(readFileSync(join(standard, file), 'utf8'));
  }
  expect(readJson<Summary>(express, 'summary.json')).toMatchObject({
    files: 1,
    records: 3,
    linkedCalls: 1,
    executions: { succeeded: 2, failed: 0 },
  });
});

test('an Express execution that fails is counted, and what it could not read is in quarantine', async () => {
  const broken = join(folder, 'broken-input');
  const day = join(broken, 'AWSLogs', '999999999999', 'CloudTrail', 'us-east-1', '2025', '03', '11');
  mkdirSync(day, { recursive: true });
  const name = '999999999999_CloudTrail_us-east-1_20250311T0805Z_AbCdEfGhIjKlMnOp.json.gz';
  writeFileSync(join(day, name), 'no gzip');
  const out = join(folder, 'broken');
  expect(await onAws('replay', broken, '--out', out)).toMatchObject({ status: 3 });
  expect(readJson<Summary>(out, 'summary.json')).toMatchObject({
    executions: { succeeded: 0, failed: 1 },
    quarantined: 1,
  });
});

test('a log file that CloudTrail did not name is refused in a sentence, is not stored, and holds up no other', async () => {
  // Given: the article's log, once as it is and once as somebody exported it
  const input = join(folder, 'renamed');
  const log = 'AWSLogs/999999999999/CloudTrail/us-east-1/2016/04/05';
  cpSync(join(article, log), join(input, log), { recursive: true });
  writeFileSync(join(input, 'export.json'), JSON.stringify({ Records: [] }));
  // When
  const ran = await onAws('replay', input);
  // Then
  expect(ran.status).toBe(3);
  expect(ran.out).toMatch(/^1 log file, 2 records: 2 kept/m);
  expect(ran.out).toContain(
    `${join(input, 'export.json')}: NotATrailKey: a deployed stack takes files below the folder AWSLogs of a trail alone`,
  );
  const { s3, outputs: names } = localDeployment(cloud);
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: names.TrailBucketName }));
  expect(Contents.filter(({ Key }) => Key?.endsWith('export.json'))).toEqual([]);
});
