import { digestCreated } from '../../infra/trail-pattern.ts';
import { digestReceives } from '../../steps/transport/unchecked.ts';
import { one, productionTemplate, readable } from './assembly.ts';

const template = productionTemplate();
const properties = (type: string, prefix: string) =>
  readable(one(template, type, prefix)[1].Properties) as Record<string, unknown>;

test('each digest starts a check of its own, and what cannot be delivered becomes a dead letter', () => {
  expect(properties('AWS::Events::Rule', 'Integrity')).toMatchObject({
    State: 'ENABLED',
    EventPattern: digestCreated('cloudtrailbucket-999999999999'),
    Targets: [
      { Arn: '<IntegrityDigestsQueue.Arn>', DeadLetterConfig: { Arn: '<IntegrityDigestsDeadLetters.Arn>' } },
    ],
  });
  expect(properties('AWS::Lambda::EventSourceMapping', 'Integrity')).toEqual({
    EventSourceArn: '<IntegrityDigestsQueue.Arn>',
    FunctionName: '<IntegrityFunction>',
    BatchSize: 1,
    FunctionResponseTypes: ['ReportBatchItemFailures'],
    ScalingConfig: { MaximumConcurrency: 4 },
  });
});

test('a check that cannot be made comes again when its time is surely over, five times, then is a dead letter', () => {
  expect(properties('AWS::Lambda::Function', 'Integrity').Timeout).toBe(900);
  expect(properties('AWS::SQS::Queue', 'IntegrityDigestsQueue')).toMatchObject({
    VisibilityTimeout: 1800,
    KmsMasterKeyId: '<Key.Arn>',
    RedrivePolicy: {
      deadLetterTargetArn: '<IntegrityDigestsDeadLetters.Arn>',
      maxReceiveCount: digestReceives,
    },
  });
});

test.each(['Queue', 'DeadLetters'])('only its rule sends to the digests’ %s', part => {
  expect(properties('AWS::SQS::QueuePolicy', `IntegrityDigests${part}Policy`)).toMatchObject({
    PolicyDocument: {
      Statement: [
        { Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } },
        {
          Effect: 'Allow',
          Action: 'sqs:SendMessage',
          Principal: { Service: 'events.amazonaws.com' },
          Condition: { ArnEquals: { 'aws:SourceArn': '<IntegrityDigestCreated.Arn>' } },
        },
      ],
    },
  });
});

test('CloudTrail may write digests into the created bucket', () => {
  const created = productionTemplate({
    trailBucket: { name: 'cloudtrailbucket-999999999999', create: true },
  });
  const [, policy] = one(created, 'AWS::S3::BucketPolicy', 'BucketsTrail');
  expect(readable(policy.Properties)).toMatchObject({
    PolicyDocument: {
      Statement: expect.arrayContaining([
        expect.objectContaining({
          Sid: 'CloudTrailWritesLogFiles',
          Resource: expect.arrayContaining(['<BucketsTrail.Arn>/AWSLogs/999999999999/*']),
        }),
      ]),
    },
  });
});
