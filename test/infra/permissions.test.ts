import { ofType, productionTemplate, readable, withoutHash } from './assembly.ts';

interface Statement {
  Effect: string;
  Action: string | string[];
  Resource: string | string[];
  Condition?: Record<string, Record<string, string | string[]>>;
}

const work = '<BucketsWork.Arn>/work/*';
const quarantine = '<BucketsWork.Arn>/quarantine/*';
const trail = [
  's3:GetObject on <BucketsTrail.Arn>/*',
  's3:GetObjectVersion on <BucketsTrail.Arn>/*',
  's3:ListBucket on <BucketsTrail.Arn>',
];
const readWork = `s3:GetObject on ${work}`;
const writeWork = `s3:PutObject on ${work}`;
const workData = [readWork, writeWork];
const logs = (group: string) => [
  `logs:CreateLogStream on <${group}.Arn>`,
  `logs:PutLogEvents on <${group}.Arn>`,
  'xray:PutTelemetryRecords on *',
  'xray:PutTraceSegments on *',
];
const key = (service: string, ...actions: string[]) =>
  actions.map(action => `kms:${action} on <Key.Arn> via ${service}`);
const tableKey = key(
  'dynamodb',
  'Decrypt',
  'DescribeKey',
  'Encrypt',
  'GenerateDataKey',
  'ReEncryptFrom',
  'ReEncryptTo',
);
const objectKey = key('s3', 'Decrypt', 'GenerateDataKey');

/** All that each role may do. A grant that is not here is one too many; one that is only here is missing. */
const expected: Record<string, string[]> = {
  IntakeRole: [
    ...['ReceiveMessage', 'DeleteMessage', 'GetQueueAttributes', 'ChangeMessageVisibility'].flatMap(
      action => [`sqs:${action} on <IntakeTrailQueue.Arn>`, `sqs:${action} on <IntakePartnerQueue.Arn>`],
    ),
    'states:StartExecution on <PipelineAudit>',
    'states:ListExecutions on <PipelineAudit>',
    `s3:PutObject on ${work}`,
    `s3:PutObject on ${quarantine}`,
    ...key('sqs', 'Decrypt'),
    ...key('states', 'Decrypt', 'GenerateDataKey'),
    'dynamodb:GetItem on <TablesSenders.Arn>',
    'dynamodb:PutItem on <TablesSenders.Arn>',
    ...objectKey,
    ...tableKey,
    ...logs('IntakeLogs'),
  ],
  StepsFetchRole: [
    writeWork,
    ...trail,
    'dynamodb:BatchGetItem on <TablesLedger.Arn>',
    ...objectKey,
    ...tableKey,
    ...logs('StepsFetchLogs'),
  ],
  StepsDecompressRole: [...workData, ...trail, ...objectKey, ...logs('StepsDecompressLogs')],
  StepsFilterRole: [...workData, ...objectKey, ...logs('StepsFilterLogs')],
  StepsNormalizeRole: [...workData, ...objectKey, ...logs('StepsNormalizeLogs')],
  StepsPersistRole: [
    ...workData,
    'dynamodb:PartiQLInsert on <TablesEvidence.Arn>',
    'dynamodb:BatchGetItem on <TablesEvidence.Arn>',
    'dynamodb:PartiQLInsert on <TablesLookups.Arn>',
    'dynamodb:BatchGetItem on <TablesLookups.Arn>',
    'dynamodb:UpdateItem on <TablesLookups.Arn>',
    'dynamodb:GetItem on <TablesIdempotency.Arn>',
    'dynamodb:PutItem on <TablesIdempotency.Arn>',
    'dynamodb:UpdateItem on <TablesIdempotency.Arn>',
    'dynamodb:DeleteItem on <TablesIdempotency.Arn>',
    ...objectKey,
    ...tableKey,
    ...logs('StepsPersistLogs'),
  ],
  StepsCorrelateRole: [
    readWork,
    'dynamodb:Query on <TablesSessions.Arn>',
    'dynamodb:BatchGetItem on <TablesSessions.Arn>',
    'dynamodb:PartiQLInsert on <TablesSessions.Arn>',
    'dynamodb:PutItem on <TablesSessions.Arn>',
    'dynamodb:UpdateItem on <TablesSessions.Arn>',
    'dynamodb:DeleteItem on <TablesSessions.Arn>',
    ...key('s3', 'Decrypt'),
    ...tableKey,
    ...logs('StepsCorrelateLogs'),
  ],
  StepsLedgerRole: [
    readWork,
    'dynamodb:PartiQLInsert on <TablesLedger.Arn>',
    ...key('s3', 'Decrypt'),
    ...tableKey,
    ...logs('StepsLedgerLogs'),
  ],
  WatchRole: [
    'dynamodb:Query on <TablesSessions.Arn>',
    'dynamodb:Query on <TablesSessions.Arn>/index/byStatus',
    'dynamodb:Query on <TablesEvidence.Arn>/index/byCredential',
    'dynamodb:Query on <TablesLedger.Arn>',
    'dynamodb:BatchGetItem on <TablesSessions.Arn>',
    'dynamodb:PartiQLInsert on <TablesSessions.Arn>',
    'dynamodb:UpdateItem on <TablesSessions.Arn>',
    'events:PutEvents on arn:aws:events:us-east-1:999999999999:event-bus/default',
    'sns:Publish on <MonitoringAlarms>',
    ...tableKey,
    ...key('sns', 'Decrypt', 'GenerateDataKey'),
    ...logs('WatchLogs'),
  ],
  IntegrityRole: [
    ...['ReceiveMessage', 'DeleteMessage', 'GetQueueAttributes', 'ChangeMessageVisibility'].map(
      action => `sqs:${action} on <IntegrityDigestsQueue.Arn>`,
    ),
    's3:GetObject on <BucketsTrail.Arn>/*',
    's3:ListBucket on <BucketsTrail.Arn>',
    'cloudtrail:ListPublicKeys on *',
    'dynamodb:Query on <TablesLedger.Arn>',
    'dynamodb:BatchGetItem on <TablesLedger.Arn>',
    'dynamodb:PartiQLInsert on <TablesLedger.Arn>',
    'events:PutEvents on arn:aws:events:us-east-1:999999999999:event-bus/default',
    'sns:Publish on <MonitoringAlarms>',
    ...key('sqs', 'Decrypt'),
    ...key('s3', 'Decrypt'),
    ...tableKey,
    ...key('sns', 'Decrypt', 'GenerateDataKey'),
    ...logs('IntegrityLogs'),
  ],
  StepsQuarantineRole: [
    readWork,
    `s3:PutObject on ${quarantine}`,
    'dynamodb:GetItem on <TablesSenders.Arn>',
    'dynamodb:PutItem on <TablesSenders.Arn>',
    'sqs:SendMessage on <IntakeTrailQueue.Arn>',
    ...key('sqs', 'Decrypt', 'GenerateDataKey'),
    ...objectKey,
    ...tableKey,
    ...logs('StepsQuarantineLogs'),
  ],
  PipelineRole: [
    ...['Fetch', 'Decompress', 'Filter', 'Normalize', 'Persist', 'Correlate', 'Ledger', 'Quarantine'].map(
      step => `lambda:InvokeFunction on <Steps${step}Function.Arn>`,
    ),
    'kms:Decrypt on <Key.Arn> for arn:aws:states:us-east-1:999999999999:stateMachine:*',
    'kms:GenerateDataKey on <Key.Arn> for arn:aws:states:us-east-1:999999999999:stateMachine:*',
    'kms:GenerateDataKey on <Key.Arn> for arn:aws:logs:us-east-1:999999999999:*',
    ...[
      ...[
        'CreateLogDelivery',
        'GetLogDelivery',
        'UpdateLogDelivery',
        'DeleteLogDelivery',
        'ListLogDeliveries',
      ],
      ...['PutResourcePolicy', 'DescribeResourcePolicies', 'DescribeLogGroups'],
    ].map(action => `logs:${action} on *`),
    ...['PutTraceSegments', 'PutTelemetryRecords', 'GetSamplingRules', 'GetSamplingTargets'].map(
      action => `xray:${action} on *`,
    ),
  ],
};

const template = productionTemplate();
const roles = Object.entries(ofType(template, 'AWS::IAM::Role')).map(
  ([id, { Properties }]) => [withoutHash(id), readable(Properties) as Record<string, unknown>] as const,
);

test.each(roles)('%s may do what it must, and nothing else', (name, properties) => {
  // Given
  const policies = properties.Policies as { PolicyDocument: { Statement: Statement[] } }[];
  // When
  const granted = policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement.flatMap(grantsOf));
  // Then
  expect([...new Set(granted)].sort()).toEqual([...(expected[name] ?? [])].sort());
});

test('there is a role for each function and the state machine, and no other', () => {
  expect(roles.map(([name]) => name).sort()).toEqual(Object.keys(expected).sort());
});

test('no policy comes from outside the roles', () => {
  expect(roles.map(([, properties]) => properties.ManagedPolicyArns)).toEqual(roles.map(() => undefined));
  expect(ofType(template, 'AWS::IAM::Policy')).toEqual({});
  expect(ofType(template, 'AWS::IAM::ManagedPolicy')).toEqual({});
});

test('only its service takes a role', () => {
  for (const [name, { AssumeRolePolicyDocument }] of roles) {
    const service = name === 'PipelineRole' ? 'states.amazonaws.com' : 'lambda.amazonaws.com';
    expect(AssumeRolePolicyDocument).toMatchObject({
      Statement: [{ Action: 'sts:AssumeRole', Effect: 'Allow', Principal: { Service: service } }],
    });
  }
});

test('an encrypted trail bucket’s key may be used by those who read it, to decrypt', () => {
  // Given
  const keyArn = 'arn:aws:kms:us-east-1:999999999999:key/1234';
  // When
  const existing = productionTemplate({ trailBucket: { name: 'trail', keyArn } });
  const users = Object.entries(ofType(existing, 'AWS::IAM::Role')).flatMap(([id, { Properties }]) =>
    (readable(Properties.Policies) as { PolicyDocument: { Statement: Statement[] } }[])
      .flatMap(({ PolicyDocument }) => PolicyDocument.Statement.flatMap(grantsOf))
      .filter(grant => grant.includes(keyArn))
      .map(grant => `${withoutHash(id)}: ${grant}`),
  );
  // Then
  expect(users).toEqual([
    `StepsFetchRole: kms:Decrypt on ${keyArn} via s3`,
    `StepsDecompressRole: kms:Decrypt on ${keyArn} via s3`,
    `IntegrityRole: kms:Decrypt on ${keyArn} via s3`,
  ]);
});

/** `action on resource`, with the condition in a word. An unknown condition shows as it is. */
function grantsOf({ Effect, Action, Resource, Condition }: Statement): string[] {
  const allows = Effect === 'Allow' ? '' : `${Effect} `;
  return [Action]
    .flat()
    .flatMap(action =>
      [Resource].flat().map(resource => `${allows}${action} on ${resource}${inWords(Condition)}`),
    );
}

function inWords(condition: Statement['Condition']): string {
  if (!condition) return '';
  const via = condition.StringEquals?.['kms:ViaService'];
  if (via) {
    const [service = ''] = (via[0] ?? '').split('.');
    return String(via) === `${service}.us-east-1.amazonaws.com` ? ` via ${service}` : ` via ${via}`;
  }
  const [context] = Object.entries(condition.StringLike ?? {}).filter(([name]) =>
    ['kms:EncryptionContext:aws:states:stateMachineArn', 'kms:EncryptionContext:SourceArn'].includes(name),
  );
  return context ? ` for ${context[1]}` : ` when ${JSON.stringify(condition)}`;
}
