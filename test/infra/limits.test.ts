import { type Resource, readable, type Template, templatesOfAll } from './assembly.ts';
import { configurations } from './configurations.ts';

interface Statement {
  Sid?: string;
  Effect: string;
  Principal?: unknown;
  Action: string | string[];
  Condition?: object;
}
interface Policy {
  Statement: Statement[];
}

const all = Object.entries(templatesOfAll(configurations)).flatMap(([name, stacks]) =>
  Object.entries(stacks).map(([stack, template]) => ({ name, stack, template })),
);

/** Resources of a type in all templates, with where they stand. */
function each(type: string): { where: string; stack: string; resource: Resource }[] {
  return all.flatMap(({ name, stack, template }) =>
    Object.entries(template.Resources)
      .filter(([, { Type }]) => Type === type)
      .map(([id, resource]) => ({ where: `${name}: ${stack}: ${id}`, stack, resource })),
  );
}

/** As AWS counts: the longest ARN and name stand for each reference, white space does not count. */
const bytesOf = (value: unknown) =>
  Buffer.byteLength(JSON.stringify(readable(value)).replace(/<[^>]*>/g, 'x'.repeat(120)));

/** Those of a list that are above a limit, by name. */
const above = (limit: number, measured: [where: string, value: number][]) =>
  measured.filter(([, value]) => value > limit);

test('there are as many templates as the configurations ask for', () => {
  expect(Object.keys(configurations).length).toBeGreaterThanOrEqual(20);
  expect(all.length).toBeGreaterThan(400);
});

// EventBridge quotas: 2,048 characters a pattern, 100 rules a bus, 30 of them with wildcards; half are left to the partner.
test('patterns and rules stay inside EventBridge’s limits', () => {
  const rules = each('AWS::Events::Rule').filter(({ resource }) => resource.Properties.EventPattern);
  const texts = rules.map(({ where, resource }) => ({
    where,
    text: JSON.stringify(resource.Properties.EventPattern),
  }));
  expect(
    above(
      2_048,
      texts.map(({ where, text }) => [where, text.length]),
    ),
  ).toEqual([]);
  for (const { name, stack, template } of all) {
    const own = Object.values(template.Resources).filter(({ Type }) => Type === 'AWS::Events::Rule');
    const wild = own.filter(({ Properties }) => JSON.stringify(Properties).includes('"wildcard"'));
    expect([name, stack, wild.length <= 15, own.length <= 15]).toEqual([name, stack, true, true]);
  }
});

// CloudFormation quotas: 51,200 bytes of a template in a request, as a third party deploys it; 1 MB from a bucket.
test('templates stay inside CloudFormation’s limits', () => {
  const bytes = (template: Template) => Buffer.byteLength(JSON.stringify(template, null, 1));
  const isPartner = (stack: string) => stack.startsWith('roletrail-partner-');
  expect(
    all
      .filter(({ stack, template }) => bytes(template) > (isPartner(stack) ? 51_200 : 1_000_000))
      .map(({ name, stack }) => `${name}: ${stack}`),
  ).toEqual([]);
  expect(
    above(
      500,
      all.map(({ name, template }) => [name, Object.keys(template.Resources).length]),
    ),
  ).toEqual([]);
  expect(
    above(
      200,
      all.map(({ name, template }) => [name, Object.keys(template.Outputs ?? {}).length]),
    ),
  ).toEqual([]);
});

// Lambda quotas: 4 KB for all environment variables together.
test('every function’s environment fits', () => {
  const functions = each('AWS::Lambda::Function');
  expect(functions.length).toBe(11 * Object.keys(configurations).length);
  expect(
    above(
      4_096,
      functions.map(({ where, resource }) => [
        where,
        bytesOf((resource.Properties.Environment as { Variables: object }).Variables),
      ]),
    ),
  ).toEqual([]);
});

/** Quotas of IAM (inline policies of a role together), SQS, SNS, S3 and KMS, in bytes. */
test.each([
  ['AWS::IAM::Role', 'Policies', 10_240],
  ['AWS::IAM::Role', 'AssumeRolePolicyDocument', 2_048],
  ['AWS::SQS::QueuePolicy', 'PolicyDocument', 8_192],
  ['AWS::SNS::TopicPolicy', 'PolicyDocument', 30_720],
  ['AWS::S3::BucketPolicy', 'PolicyDocument', 20_480],
  ['AWS::KMS::Key', 'KeyPolicy', 32_768],
])('%s: %s fits into %i bytes', (type, property, limit) => {
  const policies = each(type);
  expect(policies.length).toBeGreaterThan(0);
  expect(
    above(
      limit,
      policies.map(({ where, resource }) => [where, bytesOf(resource.Properties[property])]),
    ),
  ).toEqual([]);
});

// SQS quotas: 20 statements and 50 principals in a queue's policy.
test('queue policies have no more statements and principals than SQS takes', () => {
  for (const { where, resource } of each('AWS::SQS::QueuePolicy')) {
    const { Statement } = resource.Properties.PolicyDocument as Policy;
    const principals = Statement.flatMap(({ Principal }) => Object.values(Principal ?? {}).flat());
    expect([where, Statement.length <= 20, principals.length <= 50]).toEqual([where, true, true]);
  }
});

/** Statements of everything that has a policy of its own, and of what lets services take roles. */
function resourceStatements(): { where: string; statement: Statement }[] {
  const documents = [
    ...['AWS::SQS::QueuePolicy', 'AWS::SNS::TopicPolicy', 'AWS::S3::BucketPolicy'].map(
      type => [type, 'PolicyDocument'] as const,
    ),
    ['AWS::KMS::Key', 'KeyPolicy'] as const,
    ['AWS::IAM::Role', 'AssumeRolePolicyDocument'] as const,
  ];
  return documents.flatMap(([type, property]) =>
    each(type).flatMap(({ where, resource }) =>
      (resource.Properties[property] as Policy).Statement.map(statement => ({ where, statement })),
    ),
  );
}

const names = (statement: Statement, what: string) => {
  const { Principal } = statement;
  return typeof Principal === 'object' && Principal !== null && what in Principal;
};

// A service acts for anybody who asks it to: without a condition, for a stranger, too.
test('what lets a service in has a condition, but for rules at a partner’s topic, which a Deny beside it covers', () => {
  const open = resourceStatements().filter(
    ({ statement }) => statement.Effect === 'Allow' && names(statement, 'Service') && !statement.Condition,
  );
  expect([
    ...new Set(open.map(({ statement }) => JSON.stringify([statement.Sid, statement.Principal]))),
  ]).toEqual(['["RulesPublish",{"Service":"events.amazonaws.com"}]']);
  const topics = each('AWS::SNS::TopicPolicy').filter(({ stack }) => stack !== 'roletrail');
  expect(open).toHaveLength(topics.length);
  for (const { stack, resource } of topics) {
    const [, account] = /^roletrail-partner-(\d{12})/.exec(stack) ?? [];
    expect((resource.Properties.PolicyDocument as Policy).Statement).toContainEqual(
      expect.objectContaining({
        Effect: 'Deny',
        Action: 'sns:Publish',
        Condition: {
          Null: { 'aws:SourceAccount': 'false' },
          StringNotEquals: { 'aws:SourceAccount': account },
        },
      }),
    );
  }
  for (const { resource } of each('AWS::Lambda::Permission'))
    expect(resource.Properties.SourceArn).toBeDefined();
});

// Step Functions' guide documents both keys for its roles; Lambda's says nothing, so a function's role asks only where it is told.
test('a service takes a role for production’s account alone', () => {
  const trusts = each('AWS::IAM::Role').map(({ resource }) => {
    const { Statement } = resource.Properties.AssumeRolePolicyDocument as Policy;
    return JSON.stringify(Statement.map(({ Principal, Condition }) => [Principal, Condition])).replaceAll(
      /:(cn-north-1|us-gov-west-1|eusc-de-east-1|af-south-1|us-east-1):/g,
      ':REGION:',
    );
  });
  const account = { 'aws:SourceAccount': '999999999999' };
  const lambda = [{ Service: 'lambda.amazonaws.com' }, { StringEqualsIfExists: account }];
  const machines = (partition: string) => ({
    'aws:SourceArn': `arn:${partition}:states:REGION:999999999999:stateMachine:*`,
  });
  const states = ['aws', 'aws-cn', 'aws-us-gov', 'aws-eusc'].map(partition => [
    { Service: 'states.amazonaws.com' },
    { StringEquals: account, ArnLike: machines(partition) },
  ]);
  expect([...new Set(trusts)].sort()).toEqual(
    [lambda, ...states].map(trust => JSON.stringify([trust])).sort(),
  );
});

// "aws:" would be refused, or worse, match nothing: the whole template is of its own partition.
test.each([
  ['China', 'aws-cn'],
  ['GovCloud', 'aws-us-gov'],
  ['the European sovereign cloud', 'aws-eusc'],
])('templates of %s name no other partition than %s', (name, partition) => {
  const text = JSON.stringify(all.filter(each => each.name === name).map(each => each.template.Resources));
  const partitions = [...text.matchAll(/arn:(aws[a-z-]*):/g)].map(match => match[1]);
  expect([...new Set(partitions)]).toEqual([partition]);
  expect(text).toContain(`"Partition":"${partition}"`);
});

// KMS's guide writes amazonaws.com for every region, AWS's own policies for China the domain of its endpoints.
test.each([
  ['example', ['s3.us-east-1.amazonaws.com']],
  ['China', ['s3.cn-north-1.amazonaws.com', 's3.cn-north-1.amazonaws.com.cn']],
  ['GovCloud', ['s3.us-gov-west-1.amazonaws.com']],
])('%s: the key is used through S3 as %j', (name, spelt) => {
  const texts = all.filter(each => each.name === name).map(({ template }) => JSON.stringify(template));
  const through = texts.flatMap(text => [...text.matchAll(/"kms:ViaService":("s3[^\]]*?"|\["s3[^\]]*\])/g)]);
  expect(new Set(through.map(([, value = '']) => JSON.stringify([JSON.parse(value)].flat())))).toEqual(
    new Set([JSON.stringify(spelt)]),
  );
});
