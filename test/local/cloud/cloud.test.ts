import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  DescribeExecutionCommand,
  type ExecutionListItem,
  GetExecutionHistoryCommand,
  ListExecutionsCommand,
  SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import { GetQueueAttributesCommand, GetQueueUrlCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { Cloud } from '../../../local/cloud/cloud.ts';
import { closeAll, machineArn, resources, start, topicArn } from '../cloud-fixture.ts';

// A busy machine takes longer than Jest's five seconds.

afterEach(closeAll);

function clients({ endpoint, region, credentials }: Cloud) {
  const options = { endpoint, region, credentials };
  return { sfn: new SFNClient(options), sqs: new SQSClient(options) };
}

async function executions(cloud: Cloud): Promise<(ExecutionListItem & { input: { body: string } })[]> {
  const { sfn } = clients(cloud);
  const { executions = [] } = await sfn.send(new ListExecutionsCommand({ stateMachineArn: machineArn }));
  const described = executions.map(async execution => {
    const { input = '' } = await sfn.send(
      new DescribeExecutionCommand({ executionArn: execution.executionArn }),
    );
    return { ...execution, input: JSON.parse(input) };
  });
  return Promise.all(described);
}

test('each start has a key of its own, and takes no other', async () => {
  const [before, after] = [await start(), await start()];
  const keys = [before, after].map(({ credentials }) => credentials);
  for (const { accessKeyId, secretAccessKey } of keys) {
    expect(accessKeyId).toMatch(/^AKIA[0-9A-F]{16}$/);
    expect(secretAccessKey).toMatch(/^[\w-]{40}$/);
  }
  const ask = (credentials: Cloud['credentials']) => executions({ ...after, credentials } as Cloud);

  expect(await ask(after.credentials)).toEqual([]);
  for (const other of [
    before.credentials,
    { ...after.credentials, secretAccessKey: before.credentials.secretAccessKey },
    { ...after.credentials, accessKeyId: before.credentials.accessKeyId },
  ])
    await expect(ask(other)).rejects.toThrow(/security token|request signature/);
});

test('an object in the trail bucket reaches the state machine as EventBridge would say it', async () => {
  const cloud = await start();

  cloud.stored('a.json.gz');
  cloud.stored('a.txt');
  const before = cloud.activity();
  await cloud.idle();

  expect(before).toEqual({ messages: 1, invocations: 0, executions: 0 });
  expect(cloud.activity()).toEqual({ messages: 0, invocations: 0, executions: 0 });
  const [execution, ...others] = await executions(cloud);
  expect(others).toEqual([]);
  expect(execution?.status).toBe('SUCCEEDED');
  expect(JSON.parse(execution?.input.body ?? '')).toEqual({
    version: '0',
    id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    'detail-type': 'Object Created',
    source: 'aws.s3',
    account: '111122223333',
    time: '2026-01-02T03:04:05Z',
    region: 'eu-west-1',
    resources: ['arn:aws:s3:::trail-bucket'],
    detail: {
      version: '0',
      bucket: { name: 'trail-bucket' },
      object: { key: 'a.json.gz', size: 1, etag: 'e', sequencer: expect.stringMatching(/^[0-9A-F]{18}$/) },
      'request-id': expect.stringMatching(/^[0-9A-F]{16}$/),
      requester: '111122223333',
      'source-ip-address': '127.0.0.1',
      reason: 'PutObject',
    },
  });
});

test('what a partner publishes arrives in an SNS envelope', async () => {
  const cloud = await start();

  await cloud.publish(topicArn, '{"detail":{}}');
  await cloud.idle();

  const [execution] = await executions(cloud);
  expect(JSON.parse(execution?.input.body ?? '')).toMatchObject({
    Type: 'Notification',
    TopicArn: topicArn,
    Message: '{"detail":{}}',
    Timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
  });
  await expect(cloud.publish(`${topicArn}x`, 'x')).rejects.toThrow('Topic does not exist');
});

test('when it is idle, everything delivered has been processed, however much that is', async () => {
  const cloud = await start();

  for (let count = 0; count < 60; count += 1)
    await cloud.send(cloud.outputs.Audit?.QueueUrl ?? '', `m${count}`);
  await cloud.idle();

  const { sfn } = clients(cloud);
  const listed = await sfn.send(
    new ListExecutionsCommand({ stateMachineArn: machineArn, statusFilter: 'SUCCEEDED' }),
  );
  expect(listed.executions).toHaveLength(60);
});

test('a message that fails is tried again, then a dead letter; its neighbours are processed once', async () => {
  const cloud = await start();
  for (const body of ['one', 'fail', 'two']) await cloud.send('x/Audit-Queue', body);

  await cloud.idle();

  const { sqs } = clients(cloud);
  const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: 'Audit-Dead' }));
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }));
  expect(Attributes?.ApproximateNumberOfMessages).toBe('1');
  expect((await executions(cloud)).map(({ input }) => input.body).sort()).toEqual(['one', 'two']);
});

test('a failing step ends its execution with the function’s own error, also in the log', async () => {
  const cloud = await start();
  const heard: string[] = [];
  cloud.onLog((name, line) => heard.push(`${name}: ${line}`));

  await cloud.send('x/Audit-Queue', 'broken');
  await cloud.idle();

  const [execution] = await executions(cloud);
  const { sfn } = clients(cloud);
  const { events } = await sfn.send(
    new GetExecutionHistoryCommand({ executionArn: execution?.executionArn }),
  );
  expect(events?.map(event => event.type)).toEqual([
    'ExecutionStarted',
    'TaskStateEntered',
    'TaskScheduled',
    'TaskStarted',
    'TaskFailed',
    'ExecutionFailed',
  ]);
  expect(events?.[4]?.taskFailedEventDetails?.error).toBe('NotReadable');
  expect(events?.[0]?.timestamp).toBeInstanceOf(Date);
  expect(heard).toContain('Audit-Step: step saw a message of 6');
  expect(readFileSync(join(cloud.state, 'logs', 'Audit-Step.log'), 'utf8')).toContain('NotReadable');
});

test('an Express machine is refused by name', async () => {
  const production = resources();
  production.Machine.Properties.StateMachineType = 'EXPRESS';
  await expect(start(production)).rejects.toThrow(/StateMachineType/);
});

describe('a grant that is missing', () => {
  test('to invoke a step: the execution fails and says which', async () => {
    const production = resources();
    production.MachineRole.Properties.Policies = [];
    const cloud = await start(production);

    await cloud.send('x/Audit-Queue', 'one');
    await cloud.idle();

    const [execution] = await executions(cloud);
    const { sfn } = clients(cloud);
    const described = await sfn.send(new DescribeExecutionCommand({ executionArn: execution?.executionArn }));
    expect(described).toMatchObject({ status: 'FAILED', error: 'Lambda.AWSLambdaException' });
    expect(described.cause).toContain('lambda:InvokeFunction');
    expect(described.cause).toContain('assumed-role/Audit-MachineRole/');
  });

  test('to start executions: intake fails and says which', async () => {
    const production = resources();
    production.IntakeRole.Properties.Policies[0]?.PolicyDocument.Statement.pop();
    const cloud = await start(production);

    await cloud.send('x/Audit-Queue', 'one');
    await cloud.idle();

    expect(readFileSync(join(cloud.state, 'logs', 'Audit-Intake.log'), 'utf8')).toContain(
      'states:StartExecution',
    );
  });

  test('to read the queue: the mapping is not created', async () => {
    const production = resources();
    production.IntakeRole.Properties.Policies[0]?.PolicyDocument.Statement.shift();

    await expect(start(production)).rejects.toThrow('sqs:ReceiveMessage');
  });
});

test('state survives a restart: executions, and messages that were not processed', async () => {
  const first = await start();
  await first.send('x/Audit-Queue', 'one');
  await first.idle();
  await first.send('x/Audit-Queue', 'two');
  await first.close();

  const second = await start(resources(), first.state);
  const before = second.activity();
  await second.idle();

  expect(before.messages).toBe(1);
  expect((await executions(second)).map(({ input }) => input.body)).toEqual(['two', 'one']);
});

test('an unfinished start leaves nothing behind: the folder and the port are free again', async () => {
  const production = resources();
  production.IntakeRole.Properties.Policies = [];
  const first = await start();
  await first.close();

  await expect(start(production, first.state)).rejects.toThrow('sqs:ReceiveMessage');

  expect(readdirSync(first.state)).not.toContain('lock');
});

describe('the lock of a state folder', () => {
  test('keeps a second cloud out, and names who holds it', async () => {
    const { state } = await start();

    await expect(start(resources(), state)).rejects.toThrow(`in use by process ${process.pid}`);
  });

  test('is taken over from a process that is gone', async () => {
    const cloud = await start();
    await cloud.close();
    const { pid } = spawnSync(process.execPath, ['--version']);
    writeFileSync(join(cloud.state, 'lock'), `${pid}`);

    const next = await start(resources(), cloud.state);

    expect(readFileSync(join(next.state, 'lock'), 'utf8')).toBe(`${process.pid}`);
  });
});

test('the same execution can be started by a person, with AWS’s own client', async () => {
  const cloud = await start();
  const { sfn } = clients(cloud);

  const { executionArn } = await sfn.send(
    new StartExecutionCommand({ stateMachineArn: machineArn, name: 'by-hand', input: '{"body":"hello"}' }),
  );
  await cloud.idle();

  const described = await sfn.send(new DescribeExecutionCommand({ executionArn }));
  expect(described).toMatchObject({ status: 'SUCCEEDED', output: '{"length":5}' });
  await expect(
    sfn.send(
      new StartExecutionCommand({ stateMachineArn: machineArn, name: 'by-hand', input: '{"body":"hello"}' }),
    ),
  ).rejects.toMatchObject({ name: 'ExecutionAlreadyExists' });
});
