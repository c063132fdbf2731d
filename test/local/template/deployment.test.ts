import { join, relative } from 'node:path';
import { assetPath, readDefinition, readDeployment } from '../../../local/template/deployment.ts';
import { physicalName } from '../../../local/template/names.ts';
import { rolePolicies } from '../../../local/template/role-policies.ts';
import { passMachine, writeAssembly } from '../assembly-fixture.ts';

function deploy(resources: object, rest: object = {}) {
  const template = { Resources: { ...passMachine(), ...resources }, ...rest };
  return readDeployment(writeAssembly([{ name: 'Audit', template }]));
}

test('names, Ref and ARNs are those AWS would give', () => {
  const { stack } = deploy({
    Queue: { Type: 'AWS::SQS::Queue', Properties: {} },
    Bucket: { Type: 'AWS::S3::Bucket', Properties: { BucketName: { 'Fn::Sub': `work-\${AWS::AccountId}` } } },
    Role: {
      Type: 'AWS::IAM::Role',
      Properties: { Path: '/audit/', RoleName: 'Reader', AssumeRolePolicyDocument: { Statement: [] } },
    },
    Key: { Type: 'AWS::KMS::Key' },
  });

  const named = (id: string) => stack.resources.find(resource => resource.logicalId === id);

  expect(named('Queue')).toMatchObject({
    name: 'Audit-Queue',
    ref: 'https://sqs.eu-west-1.amazonaws.com/111122223333/Audit-Queue',
    attributes: { Arn: 'arn:aws:sqs:eu-west-1:111122223333:Audit-Queue' },
  });
  expect(named('Bucket')).toMatchObject({
    ref: 'work-111122223333',
    attributes: { Arn: 'arn:aws:s3:::work-111122223333' },
  });
  expect(named('Role')?.attributes.Arn).toBe('arn:aws:iam::111122223333:role/audit/Reader');
  expect(named('Machine')?.ref).toBe('arn:aws:states:eu-west-1:111122223333:stateMachine:Audit-Machine');
});

test('outputs are resolved, conditions and parameters obeyed', () => {
  const { stack } = deploy(
    { Queue: { Type: 'AWS::SQS::Queue', Condition: 'Never' } },
    {
      Parameters: { BootstrapVersion: { Type: 'String', Default: '/cdk-bootstrap/version' } },
      Conditions: { Never: { 'Fn::Equals': [{ Ref: 'AWS::Region' }, 'us-east-1'] } },
      Outputs: { Machine: { Value: { Ref: 'Machine' } }, Version: { Value: { Ref: 'BootstrapVersion' } } },
    },
  );

  expect(stack.resources.map(resource => resource.logicalId)).not.toContain('Queue');
  expect(stack.outputs).toEqual({
    Machine: 'arn:aws:states:eu-west-1:111122223333:stateMachine:Audit-Machine',
    Version: '/cdk-bootstrap/version',
  });
});

test.each([
  ['a resource type', { X: { Type: 'AWS::EC2::Instance' } }, 'AWS::EC2::Instance (X)'],
  ['a property', { Q: { Type: 'AWS::SQS::Queue', Properties: { FifoQueue: true } } }, 'property FifoQueue'],
  [
    'a nested property',
    {
      M: {
        Type: 'AWS::Lambda::EventSourceMapping',
        Properties: {
          FunctionName: 'f',
          EventSourceArn: 'q',
          ScalingConfig: { MaximumConcurrency: 2, Other: 1 },
        },
      },
    },
    'property ScalingConfig.Other',
  ],
  [
    'an attribute',
    { Q: { Type: 'AWS::SQS::Queue', Properties: { QueueName: { 'Fn::GetAtt': ['Machine', 'Nope'] } } } },
    'attribute Nope',
  ],
  [
    'a missing resource',
    { Q: { Type: 'AWS::SQS::Queue', Properties: { QueueName: { Ref: 'Gone' } } } },
    'Ref to Gone',
  ],
  [
    'a resource section',
    { Q: { Type: 'AWS::SQS::Queue', CreationPolicy: {} } },
    'CreationPolicy of resource Q',
  ],
])('%s that is not known is refused by name', (_, resources, message) => {
  expect(() => deploy(resources)).toThrow(message);
});

test('a stack without a concrete environment and an unknown artifact are refused', () => {
  const template = { Resources: passMachine() };

  expect(() =>
    readDeployment(
      writeAssembly([{ name: 'A', template, environment: 'aws://unknown-account/unknown-region' }]),
    ),
  ).toThrow('no concrete account and region');
  expect(() => readDeployment(writeAssembly([{ name: 'A', template: { Resources: {} } }]))).toThrow(
    '0 stacks with a state machine',
  );
});

test('assets are found whatever folder the assembly is named from', () => {
  const assembly = writeAssembly([
    { name: 'Audit', template: { Resources: passMachine() }, assets: { code: { 'index.js': '' } } },
  ]);

  const { stack } = readDeployment(relative(process.cwd(), assembly));

  expect(assetPath(stack, 'code', 'Function')).toBe(join(assembly, 'asset.code'));
});

describe('the definition', () => {
  const machine = (substitutions: object) => ({
    Machine: {
      Type: 'AWS::StepFunctions::StateMachine',
      Properties: {
        RoleArn: 'arn:aws:iam::111122223333:role/R',
        DefinitionS3Location: { Bucket: 'assets', Key: 'definition.json' },
        DefinitionSubstitutions: substitutions,
      },
    },
  });
  const read = (substitutions: object) => {
    const assembly = writeAssembly([
      {
        name: 'Audit',
        template: { Resources: machine(substitutions) },
        assets: { 'definition.json': `{"Comment": "\${Name}", "States": {}}` },
      },
    ]);
    const deployment = readDeployment(assembly);
    const [declared] = deployment.of('AWS::StepFunctions::StateMachine');
    if (!declared) throw new Error('no state machine');
    return readDefinition(deployment.stack, declared);
  };

  test('has its placeholders replaced, whatever they hold', () => {
    expect(read({ Name: 'say "hi"' })).toEqual({ Comment: 'say "hi"', States: {} });
  });

  test('with a placeholder left over is refused, naming it', () => {
    expect(() => read({ Other: 'x' })).toThrow(`\${Name}`);
  });
});

test('a role has the statements of its inline, attached and managed policies', () => {
  const statement = (Action: string) => ({ Effect: 'Allow', Action, Resource: '*' });
  const document = (Action: string) => ({ Version: '2012-10-17', Statement: [statement(Action)] });
  const deployment = deploy({
    Reader: {
      Type: 'AWS::IAM::Role',
      Properties: {
        AssumeRolePolicyDocument: { Statement: [] },
        Policies: [{ PolicyName: 'p', PolicyDocument: document('s3:GetObject') }],
        ManagedPolicyArns: [
          {
            'Fn::Join': [
              '',
              ['arn:', { Ref: 'AWS::Partition' }, ':iam::aws:policy/AWSXRayDaemonWriteAccess'],
            ],
          },
          { Ref: 'Shared' },
        ],
      },
    },
    Attached: {
      Type: 'AWS::IAM::Policy',
      Properties: {
        PolicyName: 'q',
        Roles: [{ Ref: 'Reader' }],
        PolicyDocument: document('sqs:SendMessage'),
      },
    },
    Shared: {
      Type: 'AWS::IAM::ManagedPolicy',
      Properties: { PolicyDocument: document('states:StartExecution') },
    },
  });

  expect(rolePolicies(deployment)).toEqual({
    MachineRole: [],
    Reader: [statement('s3:GetObject'), statement('sqs:SendMessage'), statement('states:StartExecution')],
  });
});

test('names that are too long stay different', () => {
  const one = physicalName('Stack', `${'x'.repeat(80)}1`, 64);
  const two = physicalName('Stack', `${'x'.repeat(80)}2`, 64);

  expect(one).toHaveLength(64);
  expect(one).not.toBe(two);
  expect(physicalName('Stack', 'Bucket_A', 63, true)).toBe('stack-bucket-a');
});
