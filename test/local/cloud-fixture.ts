import type { Cloud } from '../../local/cloud/cloud.ts';
import { composeCloud } from '../../local/cloud/compose.ts';
import type { OpenStores } from '../../local/cloud/stores.ts';
import { type ObjectCreated, ServiceError } from '../../local/contract.ts';
import { account, region, role, temporaryFolder, writeAssembly } from './assembly-fixture.ts';

const partner = '444455556666';
export const topicArn = `arn:aws:sns:${region}:${partner}:partner`;
export const ruleArn = `arn:aws:events:${region}:${partner}:rule/Partner-Rule`;
export const machineArn = `arn:aws:states:${region}:${account}:stateMachine:audit`;
export const bucket = 'trail-bucket';

/** Starts one execution per message over plain HTTP; a message `fail` fails alone. Signs by the steps of AWS's page. */
const intake = `
const { createHash, createHmac } = require('node:crypto');
const hash = text => createHash('sha256').update(text).digest('hex');
const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, AWS_ENDPOINT_URL } = process.env;

function sign(headers, body) {
  const names = Object.keys(headers).sort();
  const lines = names.map(name => name + ':' + headers[name] + '\\n').join('');
  const request = ['POST', '/', '', lines, names.join(';'), hash(body)].join('\\n');
  const time = headers['x-amz-date'];
  const scope = time.slice(0, 8) + '/${region}/states/aws4_request';
  const toSign = ['AWS4-HMAC-SHA256', time, scope, hash(request)].join('\\n');
  const key = [...scope.split('/'), toSign].reduce(
    (last, part) => createHmac('sha256', last).update(part).digest(), 'AWS4' + AWS_SECRET_ACCESS_KEY);
  const authorization = 'AWS4-HMAC-SHA256 Credential=' + AWS_ACCESS_KEY_ID + '/' + scope +
    ', SignedHeaders=' + names.join(';') + ', Signature=' + key.toString('hex');
  return { ...headers, authorization };
}

exports.handler = async event => {
  const batchItemFailures = [];
  for (const record of event.Records) {
    if (record.body === 'fail') { batchItemFailures.push({ itemIdentifier: record.messageId }); continue; }
    const body = JSON.stringify({
      stateMachineArn: process.env.STATE_MACHINE_ARN,
      name: record.messageId,
      input: JSON.stringify({ body: record.body }),
    });
    const headers = {
      host: new URL(AWS_ENDPOINT_URL).host,
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-date': new Date().toISOString().replace(/[-:]|\\.[0-9]+/g, ''),
      'x-amz-security-token': AWS_SESSION_TOKEN,
      'x-amz-target': 'AWSStepFunctions.StartExecution',
    };
    const response = await fetch(AWS_ENDPOINT_URL, { method: 'POST', headers: sign(headers, body), body });
    if (!response.ok) throw new Error(await response.text());
  }
  return { batchItemFailures };
};`;

const step = `exports.handler = async ({ body }) => {
  console.log('step saw a message of ' + body.length);
  if (body === 'broken') throw Object.assign(new Error('no'), { name: 'NotReadable' });
  return { length: body.length };
};`;

/** Answers the event it was started with. */
const clock = 'exports.handler = async event => event;';

const definition = {
  StartAt: 'Step',
  States: {
    Step: {
      Type: 'Task',
      Resource: 'arn:aws:states:::lambda:invoke',
      Parameters: { FunctionName: '<StepArn>', 'Payload.$': '$' },
      OutputPath: '$.Payload',
      End: true,
    },
  },
};

const arnOf = (id: string) => ({ 'Fn::GetAtt': [id, 'Arn'] });
const allow = (Action: string[], Resource: unknown) => ({ Effect: 'Allow', Action, Resource });

function lambda(key: string, roleId: string, variables: object) {
  return {
    Type: 'AWS::Lambda::Function',
    Properties: {
      Code: { S3Bucket: 'assets', S3Key: key },
      Handler: 'index.handler',
      Runtime: 'nodejs24.x',
      Role: arnOf(roleId),
      Timeout: 20,
      Environment: { Variables: variables },
    },
  };
}

const sends = (service: string, sourceArn: unknown) => ({
  Effect: 'Allow',
  Principal: { Service: service },
  Action: 'sqs:SendMessage',
  Resource: arnOf('Queue'),
  Condition: { ArnEquals: { 'aws:SourceArn': sourceArn } },
});

/** A production stack as small as one can be, with both ways in. */
export function resources() {
  return {
    Queue: {
      Type: 'AWS::SQS::Queue',
      Properties: {
        VisibilityTimeout: 900,
        RedrivePolicy: { deadLetterTargetArn: arnOf('Dead'), maxReceiveCount: 2 },
      },
    },
    Dead: { Type: 'AWS::SQS::Queue' },
    Rule: {
      Type: 'AWS::Events::Rule',
      Properties: {
        EventPattern: {
          source: ['aws.s3'],
          detail: { bucket: { name: [bucket] }, object: { key: [{ suffix: '.gz' }] } },
        },
        Targets: [{ Id: 'Queue', Arn: arnOf('Queue') }],
      },
    },
    Subscription: {
      Type: 'AWS::SNS::Subscription',
      Properties: { TopicArn: topicArn, Protocol: 'sqs', Endpoint: arnOf('Queue') },
    },
    QueuePolicy: {
      Type: 'AWS::SQS::QueuePolicy',
      Properties: {
        Queues: [{ Ref: 'Queue' }],
        PolicyDocument: {
          Version: '2012-10-17',
          Statement: [
            sends('events.amazonaws.com', arnOf('Rule')),
            sends('sns.amazonaws.com', topicArn),
            {
              Effect: 'Deny',
              Principal: { AWS: '*' },
              Action: 'sqs:*',
              Resource: arnOf('Queue'),
              Condition: { Bool: { 'aws:SecureTransport': 'false' } },
            },
          ],
        },
      },
    },
    IntakeRole: role(
      'lambda.amazonaws.com',
      allow(['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'], arnOf('Queue')),
      allow(['states:StartExecution'], { Ref: 'Machine' }),
    ),
    Intake: lambda('intake', 'IntakeRole', { STATE_MACHINE_ARN: machineArn }),
    Mapping: {
      Type: 'AWS::Lambda::EventSourceMapping',
      Properties: {
        FunctionName: { Ref: 'Intake' },
        EventSourceArn: arnOf('Queue'),
        BatchSize: 10,
        MaximumBatchingWindowInSeconds: 300,
        FunctionResponseTypes: ['ReportBatchItemFailures'],
      },
    },
    StepRole: role('lambda.amazonaws.com'),
    Step: lambda('step', 'StepRole', {}),
    MachineRole: role('states.amazonaws.com', allow(['lambda:InvokeFunction'], arnOf('Step'))),
    Machine: {
      Type: 'AWS::StepFunctions::StateMachine',
      Properties: {
        StateMachineName: 'audit',
        StateMachineType: 'STANDARD',
        RoleArn: arnOf('MachineRole'),
        DefinitionString: {
          'Fn::Join': ['', JSON.stringify(definition).split('<StepArn>').flatMap(joinStep)],
        },
      },
    },
    Alarm: { Type: 'AWS::CloudWatch::Alarm', Properties: { MetricName: 'any' } },
  };
}

/** The small stack, and a function that a rule starts by the clock. `key`: the function's package. */
export function scheduled({ rule = {}, permission = {}, key = 'clock' } = {}) {
  return {
    ...resources(),
    Clock: lambda(key, 'StepRole', {}),
    ClockRule: {
      Type: 'AWS::Events::Rule',
      Properties: {
        ScheduleExpression: 'rate(5 minutes)',
        Targets: [{ Id: 'Clock', Arn: arnOf('Clock') }],
        ...rule,
      },
    },
    ClockPermission: {
      Type: 'AWS::Lambda::Permission',
      Properties: {
        Action: 'lambda:InvokeFunction',
        FunctionName: arnOf('Clock'),
        Principal: 'events.amazonaws.com',
        SourceArn: arnOf('ClockRule'),
        ...permission,
      },
    },
  };
}

function joinStep(part: string, index: number): unknown[] {
  return index === 0 ? [part] : [arnOf('Step'), part];
}

export interface TestCloud extends Cloud {
  state: string;
  /** what S3 says when an object was stored */
  stored(key: string): void;
}

const open: Cloud[] = [];

/** A partner's stack: a rule that may publish to a topic, which production may subscribe to, and publish to as well. */
export function partnerResources() {
  const publish = {
    Effect: 'Allow',
    Principal: { Service: 'events.amazonaws.com' },
    Action: 'sns:Publish',
    Resource: { Ref: 'Topic' },
  };
  const production = {
    Effect: 'Allow',
    Principal: { AWS: `arn:aws:iam::${account}:root` },
    Action: ['sns:Subscribe', 'sns:GetTopicAttributes', 'sns:Publish'],
    Resource: { Ref: 'Topic' },
  };
  return {
    Topic: { Type: 'AWS::SNS::Topic', Properties: { TopicName: 'partner', MaximumMessageSize: 1_048_576 } },
    Rule: {
      Type: 'AWS::Events::Rule',
      Properties: {
        EventPattern: { source: ['aws.sts'] },
        Targets: [{ Id: 'Topic', Arn: { Ref: 'Topic' } }],
      },
    },
    TopicPolicy: {
      Type: 'AWS::SNS::TopicPolicy',
      Properties: { Topics: [{ Ref: 'Topic' }], PolicyDocument: { Statement: [publish, production] } },
    },
  };
}

/** An assembly of a production stack and a partner's. */
export function assemble(production: object, partners: object = partnerResources()): string {
  return writeAssembly([
    {
      name: 'Audit',
      template: { Resources: production, Outputs: { QueueUrl: { Value: { Ref: 'Queue' } } } },
      assets: { intake: { 'index.js': intake }, step: { 'index.js': step }, clock: { 'index.js': clock } },
    },
    {
      name: 'Partner',
      environment: `aws://${partner}/${region}`,
      template: { Resources: partners },
    },
  ]);
}

/** Starts a cloud over stand-in stores that refuse everything. */
export async function start(
  production: object = resources(),
  state = temporaryFolder(),
  partners = partnerResources(),
): Promise<TestCloud> {
  let created: (object: ObjectCreated) => void = () => {};
  const refuse = { handle: async () => Promise.reject(new ServiceError('AccessDenied', 'stand-in', 403)) };
  const stores: OpenStores = async (_deployment, _state, onCreated) => {
    created = onCreated;
    return {
      services: { s3: refuse, dynamodb: refuse },
      store: async () => ({ etag: '' }),
      served: () => 0,
      close: async () => {},
    };
  };
  const cloud = await composeCloud({ assembly: assemble(production, partners), state }, stores);
  open.push(cloud);
  const stored = (key: string) =>
    created({ bucket, key, size: 1, etag: '"e"', time: '2026-01-02T03:04:05.678Z' });
  return Object.assign(cloud, { state, stored });
}

export async function closeAll(): Promise<void> {
  for (const cloud of open.splice(0)) await cloud.close();
}
