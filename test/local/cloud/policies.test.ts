import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DescribeExecutionCommand, ListExecutionsCommand, SFNClient } from '@aws-sdk/client-sfn';
import { GetQueueAttributesCommand, SQSClient, StartMessageMoveTaskCommand } from '@aws-sdk/client-sqs';
import { readDeployment } from '../../../local/template/deployment.ts';
import { resourcePolicies } from '../../../local/template/resource-policies.ts';
import { account, region } from '../assembly-fixture.ts';
import {
  assemble,
  closeAll,
  machineArn,
  partnerResources,
  resources,
  ruleArn,
  start,
  type TestCloud,
  topicArn,
} from '../cloud-fixture.ts';

// A busy machine takes longer than Jest's five seconds.

afterEach(closeAll);

const queueArn = `arn:aws:sqs:${region}:${account}:Audit-Queue`;
const deadArn = `arn:aws:sqs:${region}:${account}:Audit-Dead`;
const createdArn = `arn:aws:events:${region}:${account}:rule/Audit-Rule`;
const keyArn = { 'Fn::GetAtt': ['Key', 'Arn'] };

/** How many messages lie in the dead letter queue. */
async function deadLetters({ endpoint, credentials }: TestCloud): Promise<string | undefined> {
  const sqs = new SQSClient({ endpoint, region, credentials });
  const QueueUrl = `${endpoint}/${account}/Audit-Dead`;
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }));
  return Attributes?.ApproximateNumberOfMessages;
}

/** The small stack without the queue policy's statement number `index`: 0 is the rule's, 1 the topic's. */
function withoutStatement(index: number) {
  const production = resources();
  production.QueuePolicy.Properties.PolicyDocument.Statement.splice(index, 1);
  return production;
}

/** The small stack, its queue and state machine encrypted with a key of these statements. */
function encrypted(...statements: object[]) {
  const production = resources();
  Object.assign(production.Queue.Properties, { KmsMasterKeyId: keyArn });
  Object.assign(production.Machine.Properties, {
    EncryptionConfiguration: { Type: 'CUSTOMER_MANAGED_KMS_KEY', KmsKeyId: keyArn },
  });
  const Key = { Type: 'AWS::KMS::Key', Properties: { KeyPolicy: { Statement: statements } } };
  return { ...production, Key };
}

const use = (Principal: object) => ({ Effect: 'Allow', Action: 'kms:*', Resource: '*', Principal });
const roles = use({
  AWS: ['IntakeRole', 'MachineRole'].map(name => `arn:aws:iam::${account}:role/Audit-${name}`),
});
const byAccount = use({ AWS: `arn:aws:iam::${account}:root` });
const services = use({ Service: ['events.amazonaws.com', 'sns.amazonaws.com'] });

describe('what a policy does not let through', () => {
  test('to a topic is kept as undelivered, with who, what and where', async () => {
    const partners = partnerResources();
    partners.TopicPolicy.Properties.PolicyDocument.Statement.shift();
    const cloud = await start(resources(), undefined, partners);

    await cloud.publish(topicArn, '{"detail":{}}');

    expect(cloud.activity().messages).toBe(0);
    const lost = {
      at: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
      from: ruleArn,
      to: topicArn,
      reason: `Service: events.amazonaws.com, for ${ruleArn}, is not authorized to perform: sns:Publish on resource: ${topicArn} because no resource-based policy allows the sns:Publish action`,
      deadLetters: null,
    };
    expect(cloud.undelivered()).toEqual([lost]);
    const kept = readFileSync(join(cloud.state, 'undelivered.ndjson'), 'utf8');
    expect(JSON.parse(kept)).toEqual({ ...lost, body: '{"detail":{}}' });
  });

  // AWS's documents disagree on whether EventBridge tells a topic for whom it publishes: both has to work.
  test.each([
    [
      'lets a rule on a condition, which EventBridge does not support',
      { Effect: 'Allow', Condition: { ArnEquals: { 'aws:SourceArn': ruleArn } } },
      /no resource-based policy allows/,
    ],
    [
      'denies the rules of other accounts than another one',
      {
        Effect: 'Deny',
        Condition: {
          Null: { 'aws:SourceAccount': 'false' },
          StringNotEquals: { 'aws:SourceAccount': '777777777777' },
        },
      },
      /with an explicit deny/,
    ],
  ])('to a topic that %s', async (_, change, reason) => {
    const partners = partnerResources();
    const { Statement } = partners.TopicPolicy.Properties.PolicyDocument;
    const [publish] = Statement;
    const changed = { ...publish, ...change };
    if (change.Effect === 'Allow') Statement.shift();
    Statement.push(changed as never);
    const cloud = await start(resources(), undefined, partners);

    await cloud.publish(topicArn, '{"detail":{}}');

    expect(cloud.undelivered()).toMatchObject([
      { from: ruleArn, to: topicArn, reason: expect.stringMatching(reason) },
    ]);
  });

  test('from a topic to a queue, alike', async () => {
    const cloud = await start(withoutStatement(1));

    await cloud.publish(topicArn, '{"detail":{}}');

    expect(cloud.activity().messages).toBe(0);
    expect(cloud.undelivered()).toMatchObject([
      {
        from: topicArn,
        to: queueArn,
        reason: expect.stringMatching(/^Service: sns.amazonaws.com, .*SendMessage/),
      },
    ]);
  });

  test('from a rule to a queue, alike; what the policy does let through still comes', async () => {
    const cloud = await start(withoutStatement(0));

    cloud.stored('a.json.gz');
    await cloud.publish(topicArn, '{"detail":{}}');

    expect(cloud.activity().messages).toBe(1);
    expect(cloud.undelivered()).toMatchObject([{ from: createdArn, to: queueArn, deadLetters: null }]);
  });

  test.each([
    ['rule', 0, 'events.amazonaws.com', (cloud: TestCloud) => cloud.stored('a.json.gz')],
    ['subscription', 1, 'sns.amazonaws.com', (cloud: TestCloud) => cloud.publish(topicArn, '{"detail":{}}')],
  ])('goes to the dead letters of the %s, if it may', async (_, statement, Service, send) => {
    const production = withoutStatement(statement);
    const [target] = production.Rule.Properties.Targets;
    const dead = { 'Fn::GetAtt': ['Dead', 'Arn'] };
    Object.assign(target ?? {}, { DeadLetterConfig: { Arn: dead } });
    Object.assign(production.Subscription.Properties, { RedrivePolicy: { deadLetterTargetArn: dead } });
    const DeadPolicy = {
      Type: 'AWS::SQS::QueuePolicy',
      Properties: {
        Queues: [{ Ref: 'Dead' }],
        PolicyDocument: {
          Statement: [
            { Effect: 'Allow', Principal: { Service }, Action: 'sqs:SendMessage', Resource: deadArn },
          ],
        },
      },
    };
    const cloud = await start({ ...production, DeadPolicy });

    await send(cloud);

    expect(cloud.undelivered()).toMatchObject([{ to: queueArn, deadLetters: deadArn }]);
    expect(await deadLetters(cloud)).toBe('1');
  });

  test('to an encrypted queue stays out for its key alone', async () => {
    const cloud = await start(encrypted(byAccount, roles));

    cloud.stored('a.json.gz');
    await cloud.publish(topicArn, '{"detail":{}}');

    expect(cloud.activity().messages).toBe(0);
    const reason = /is not authorized to perform: kms:GenerateDataKey on resource: arn:aws:kms:/;
    expect(cloud.undelivered()).toMatchObject([
      { from: createdArn, to: queueArn, reason: expect.stringMatching(reason) },
      { from: topicArn, to: queueArn, reason: expect.stringMatching(reason) },
    ]);
  });
});

test('dead letters are moved only where the queue takes them from who moves them', async () => {
  const production = resources();
  const deny = { Effect: 'Deny', Principal: '*', Action: 'sqs:SendMessage', Resource: queueArn };
  production.QueuePolicy.Properties.PolicyDocument.Statement.push(deny as never);
  const { endpoint, credentials } = await start(production);
  const sqs = new SQSClient({ endpoint, region, credentials });

  const move = new StartMessageMoveTaskCommand({ SourceArn: deadArn, DestinationArn: queueArn });
  await expect(sqs.send(move)).rejects.toThrow(
    `user/operator is not authorized to perform: sqs:SendMessage on resource: ${queueArn} with an explicit deny`,
  );
});

test('with a key that lets services and roles, everything goes its way', async () => {
  const cloud = await start(encrypted(byAccount, roles, services));

  cloud.stored('a.json.gz');
  await cloud.publish(topicArn, '{"detail":{}}');
  await cloud.idle();

  const { endpoint, credentials } = cloud;
  const sfn = new SFNClient({ endpoint, region, credentials });
  const { executions } = await sfn.send(new ListExecutionsCommand({ stateMachineArn: machineArn }));
  expect(executions?.map(({ status }) => status)).toEqual(['SUCCEEDED', 'SUCCEEDED']);
  expect(cloud.undelivered()).toEqual([]);
});

describe('a key that does not let', () => {
  test('the role that reads the queue: the start fails and says which', async () => {
    await expect(start(encrypted(byAccount, services))).rejects.toThrow(
      /Audit-IntakeRole.* is not authorized to perform: kms:Decrypt on resource: arn:aws:kms:/,
    );
  });

  test('the role of the state machine: the execution fails and says which', async () => {
    const intake = use({ AWS: `arn:aws:iam::${account}:role/Audit-IntakeRole` });
    const cloud = await start(encrypted(byAccount, services, intake));

    cloud.stored('a.json.gz');
    await cloud.idle();

    const { endpoint, credentials } = cloud;
    const sfn = new SFNClient({ endpoint, region, credentials });
    const { executions = [] } = await sfn.send(new ListExecutionsCommand({ stateMachineArn: machineArn }));
    const described = await sfn.send(
      new DescribeExecutionCommand({ executionArn: executions[0]?.executionArn }),
    );
    expect(described).toMatchObject({ status: 'FAILED', error: 'KmsAccessDeniedException' });
    expect(described.cause).toMatch(/Audit-MachineRole.*kms:GenerateDataKey/);
  });

  test('the person at the keyboard: a message cannot be sent', async () => {
    const cloud = await start(encrypted(roles, services));

    await expect(cloud.send(queueArn, 'm')).rejects.toThrow(
      /user\/operator is not authorized to perform: kms:GenerateDataKey/,
    );
  });

  test('CloudWatch Logs: the start fails, as the deployment would', async () => {
    const Logs = { Type: 'AWS::Logs::LogGroup', Properties: { KmsKeyId: keyArn } };

    await expect(start({ ...encrypted(byAccount, roles, services), Logs })).rejects.toThrow(
      `Service: logs.${region}.amazonaws.com, for arn:aws:logs:`,
    );
  });
});

test('a topic that production may not subscribe to: the start fails, as the deployment would', async () => {
  const partners = partnerResources();
  partners.TopicPolicy.Properties.PolicyDocument.Statement.pop();

  await expect(start(resources(), undefined, partners)).rejects.toThrow(
    `is not authorized to perform: sns:GetTopicAttributes on resource: ${topicArn}`,
  );
});

describe('what cannot be evaluated is refused by name', () => {
  const read = (more: object) => resourcePolicies(readDeployment(assemble({ ...resources(), ...more })));

  test('a key whose policy is in no stack', () => {
    const Topic = { Type: 'AWS::SNS::Topic', Properties: { KmsMasterKeyId: 'alias/aws/sns' } };
    expect(() => read({ Topic })).toThrow('the key alias/aws/sns of arn:aws:sns:');
  });

  test('a second policy of one queue', () => {
    expect(() => read({ Second: resources().QueuePolicy })).toThrow(`a second policy of ${queueArn}`);
  });

  test('a resource policy of a type that is not looked at', () => {
    const Table = {
      Type: 'AWS::DynamoDB::Table',
      Properties: { KeySchema: [], AttributeDefinitions: [], ResourcePolicy: {} },
    };
    expect(() => read({ Table })).toThrow('property ResourcePolicy of AWS::DynamoDB::Table');
  });
});
