import { execFileSync, spawn } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import {
  DescribeExecutionCommand,
  GetExecutionHistoryCommand,
  ListExecutionsCommand,
  ListStateMachinesCommand,
  SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import { noCounts, type ObjectsInput } from '../../steps/transport/payloads.ts';
import { project, temporaryFolder } from './roletrail.ts';

const folder = temporaryFolder();

test('a script with the SDK lists, starts, describes and reads the history of executions', async () => {
  // Given
  const words = ['cloud', '--state', join(folder, 'state')];
  const child = spawn(process.execPath, [join(project, 'bin', 'roletrail.mjs'), ...words], { cwd: project });
  const ended = new Promise(resolve => child.on('close', resolve));
  const file = await settingsFile(child.stdout);
  const setting = exportsOf(file);
  expect([statSync(file).mode & 0o777, statSync(dirname(file)).mode & 0o777]).toEqual([0o600, 0o700]);
  const sfn = new SFNClient({
    endpoint: setting.AWS_ENDPOINT_URL ?? '',
    region: setting.AWS_REGION ?? '',
    credentials: {
      accessKeyId: setting.AWS_ACCESS_KEY_ID ?? '',
      secretAccessKey: setting.AWS_SECRET_ACCESS_KEY ?? '',
    },
  });

  // When
  const [machine] = (await sfn.send(new ListStateMachinesCommand({}))).stateMachines ?? [];
  const stateMachineArn = machine?.stateMachineArn ?? '';
  const time = '2026-01-01T00:00:00Z';
  const input: ObjectsInput = {
    entry: 'objects',
    step: 'Intake',
    provenance: 'trail',
    receivedAt: time,
    deliveredAt: time,
    counts: { ...noCounts, sources: 1 },
    refused: { count: 0 },
    sources: [{ bucket: 'somebody-elses', key: 'a.json.gz' }],
  };
  const { executionArn } = await sfn.send(
    new StartExecutionCommand({ stateMachineArn, name: 'by-hand', input: JSON.stringify(input) }),
  );
  let execution = await sfn.send(new DescribeExecutionCommand({ executionArn }));
  while (execution.status === 'RUNNING')
    execution = await sfn.send(new DescribeExecutionCommand({ executionArn }));
  const listed = await sfn.send(new ListExecutionsCommand({ stateMachineArn, statusFilter: 'FAILED' }));
  const { events = [] } = await sfn.send(new GetExecutionHistoryCommand({ executionArn, maxResults: 1000 }));
  child.kill('SIGINT');

  // Then: nothing of the batch could be read, so the execution is red and says why, after its input was kept
  expect(execution).toMatchObject({ status: 'FAILED', error: 'BucketNotConfigured' });
  expect(listed.executions?.map(({ name }) => name)).toEqual(['by-hand']);
  expect(events[0]?.type).toBe('ExecutionStarted');
  expect(
    events.filter(({ type }) => type === 'TaskStateEntered').map(each => each.stateEnteredEventDetails?.name),
  ).toContain('QuarantineRefused');
  expect(events.at(-1)?.type).toBe('ExecutionFailed');
  expect(await ended).toBe(0);
  expect(existsSync(file)).toBe(false);
});

/** The file with the settings, whose line is printed; the secret is not. */
async function settingsFile(stdout: NodeJS.ReadableStream): Promise<string> {
  let out = '';
  for await (const chunk of stdout) {
    out += chunk;
    if (/^\. /m.test(out) && out.endsWith('\n')) break;
  }
  expect(out).not.toMatch(/SECRET|AKIA/);
  return /^\. (.*)$/m.exec(out)?.[1] ?? '';
}

/** What a shell has in its environment that read this file. */
function exportsOf(file: string): Record<string, string> {
  const out = execFileSync('/bin/sh', ['-c', '. "$1" && env', 'sh', file], { encoding: 'utf8' });
  return Object.fromEntries([...out.matchAll(/^(\w+)=(.*)$/gm)].map(([, name, value]) => [name, value]));
}
