import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Deployment,
  isObject,
  type JsonObject,
  type Resource,
  type ResourceRequest,
  readDeployment,
  resourceAllows,
} from '@roletrail/local/deployment';
import { parseConfig } from '../../../infra/config.ts';
import base from '../../../samples/roletrail.json' with { type: 'json' };
import { templatesOnly } from '../../infra/assembly.ts';

const own = '999999999999';
const stranger = '333333333333';
const folder = mkdtempSync(join(tmpdir(), 'roletrail-policies-'));
let deployment: Deployment;

// Roles of so many accounts that one rule cannot match the denied attempts at all of them.
const accounts = ['444444444444', '555555555555', '666666666666'];
const config = {
  ...base,
  auditedRoles: [...base.auditedRoles, ...accounts.map(account => `arn:aws:iam::${account}:role/Deploy`)],
  trailAccounts: accounts,
};

beforeAll(() => {
  templatesOnly(parseConfig(config, 'policies'), folder);
});
afterAll(() => rmSync(folder, { recursive: true }));

/** The one resource of a type whose logical id begins so. */
function find(type: string, prefix: string, stack = deployment.stack): Resource {
  const [found, ...others] = stack.resources.filter(
    each => each.type === type && each.logicalId.startsWith(prefix),
  );
  if (!found || others.length > 0) throw new Error(`not exactly one ${type} ${prefix}`);
  return found;
}

/** All statements of the policies of one type that are attached to the resource of this Ref. */
function attached(type: string, field: string, ref: string, stack = deployment.stack): JsonObject {
  const policies = stack.resources.filter(
    each => each.type === type && [each.properties[field]].flat().includes(ref),
  );
  return {
    Statement: policies.flatMap(({ properties: { PolicyDocument } }) =>
      isObject(PolicyDocument) ? [PolicyDocument.Statement].flat() : [],
    ),
  };
}

const arnOf = (resource: Resource) => resource.attributes.Arn ?? resource.ref;

beforeAll(() => {
  deployment = readDeployment(folder);
});

describe('a queue of the front door', () => {
  const ask = (name: string, service: string, sourceArn: string, extra: Partial<ResourceRequest> = {}) => {
    const queue = find('AWS::SQS::Queue', name);
    return resourceAllows(attached('AWS::SQS::QueuePolicy', 'Queues', queue.ref), {
      who: { service },
      action: 'sqs:SendMessage',
      resource: arnOf(queue),
      context: { 'aws:sourcearn': sourceArn },
      ...extra,
    });
  };
  const rule = () => arnOf(find('AWS::Events::Rule', 'IntakeLogFileCreated'));
  const topic = (account: string, name = 'roletrail-assume-role') =>
    `arn:aws:sns:us-east-1:${account}:${name}`;

  test('the log files’ takes what its rule sends, and no other rule, nobody else', () => {
    expect(ask('IntakeTrailQueue', 'events.amazonaws.com', rule())).toBe(true);
    expect(ask('IntakeTrailQueue', 'events.amazonaws.com', `${rule()}2`)).toBe(false);
    expect(ask('IntakeTrailQueue', 'events.amazonaws.com', rule().replace(own, stranger))).toBe(false);
    expect(ask('IntakeTrailQueue', 'sns.amazonaws.com', rule())).toBe(false);
    expect(ask('IntakeTrailQueue', 'events.amazonaws.com', rule(), { who: { account: stranger } })).toBe(
      false,
    );
    expect(ask('IntakeTrailQueue', 'events.amazonaws.com', rule(), { action: 'sqs:ReceiveMessage' })).toBe(
      false,
    );
  });

  test('the partners’ takes what the configured topics send, and no other topic', () => {
    const configured = deployment.stack.resources
      .filter(({ type, properties }) => type === 'AWS::SNS::Subscription' && properties.Protocol === 'sqs')
      .map(({ properties }) => String(properties.TopicArn));
    expect(configured).toHaveLength(3);
    for (const arn of configured) expect(ask('IntakePartnerQueue', 'sns.amazonaws.com', arn)).toBe(true);
    expect(ask('IntakePartnerQueue', 'sns.amazonaws.com', topic(stranger))).toBe(false);
    expect(ask('IntakePartnerQueue', 'sns.amazonaws.com', topic('111111111111', 'other'))).toBe(false);
    expect(ask('IntakePartnerQueue', 'events.amazonaws.com', topic('111111111111'))).toBe(false);
  });

  test('nobody comes without TLS', () => {
    const plain = { context: { 'aws:sourcearn': rule(), 'aws:securetransport': 'false' } };
    expect(ask('IntakeTrailQueue', 'events.amazonaws.com', rule(), plain)).toBe(false);
  });
});

describe('a partner’s topic', () => {
  const production = `arn:aws:sqs:us-east-1:${own}:queue`;
  const ask = (request: Partial<ResourceRequest>, endpoint = production, protocol = 'sqs') => {
    const stack = deployment.stacks.find(({ account }) => account === '111111111111');
    if (!stack) throw new Error('there is no stack of the partner');
    const topic = find('AWS::SNS::Topic', 'Topic', stack);
    return resourceAllows(attached('AWS::SNS::TopicPolicy', 'Topics', topic.ref, stack), {
      who: { account: own },
      action: 'sns:Subscribe',
      resource: topic.ref,
      context: { 'sns:protocol': protocol, 'sns:endpoint': endpoint },
      ...request,
    });
  };

  test('can be subscribed to by production, for a queue of its own, and by no one else', () => {
    expect(ask({})).toBe(true);
    expect(ask({ who: { account: stranger } })).toBe(false);
    expect(ask({}, production.replace(own, stranger))).toBe(false);
    expect(ask({}, 'https://example.com/', 'https')).toBe(false);
    expect(ask({ action: 'sns:Publish' })).toBe(false);
    expect(ask({ action: 'sns:SetTopicAttributes' })).toBe(false);
  });

  // EventBridge supports no conditions on what lets it publish to a topic (EventBridge guide, "Amazon SNS permissions"):
  // where it tells for which account it does, a Deny keeps out the others.
  test('takes what its own rules publish, and no rule of another account where AWS tells whose it is', () => {
    const stack = deployment.stacks.find(({ account }) => account === '111111111111');
    const rules = (stack?.resources ?? []).filter(({ type }) => type === 'AWS::Events::Rule').map(arnOf);
    expect(rules.length).toBeGreaterThan(1);
    const publish = (context: Record<string, string>, service = 'events.amazonaws.com') =>
      ask({ who: { service }, action: 'sns:Publish', context });
    for (const rule of rules) {
      expect(publish({ 'aws:sourcearn': rule, 'aws:sourceaccount': '111111111111' })).toBe(true);
      expect(publish({})).toBe(true);
      const strangers = {
        'aws:sourcearn': rule.replace('111111111111', stranger),
        'aws:sourceaccount': stranger,
      };
      expect(publish(strangers)).toBe(false);
      expect(publish({ 'aws:sourceaccount': '111111111111' }, 's3.amazonaws.com')).toBe(false);
    }
  });
});

describe('the trail bucket', () => {
  const ask = (key: string, context: Record<string, string>, request: Partial<ResourceRequest> = {}) => {
    const bucket = find('AWS::S3::Bucket', 'BucketsTrail');
    return resourceAllows(attached('AWS::S3::BucketPolicy', 'Bucket', bucket.ref), {
      who: { service: 'cloudtrail.amazonaws.com' },
      action: 's3:PutObject',
      resource: `${arnOf(bucket)}/${key}`,
      context: { 's3:x-amz-acl': 'bucket-owner-full-control', ...context },
      ...request,
    });
  };

  test('is written by CloudTrail, for trails of this account, below its own name', () => {
    expect(ask(`AWSLogs/${own}/CloudTrail/x.json.gz`, { 'aws:sourceaccount': own })).toBe(true);
    expect(ask(`AWSLogs/${own}/CloudTrail/x.json.gz`, { 'aws:sourceaccount': stranger })).toBe(false);
    expect(ask(`AWSLogs/${own}/CloudTrail/x.json.gz`, {})).toBe(false);
    expect(ask(`AWSLogs/${stranger}/CloudTrail/x.json.gz`, { 'aws:sourceaccount': own })).toBe(false);
    expect(ask('elsewhere.json.gz', { 'aws:sourceaccount': own })).toBe(false);
  });

  test('is not written over an old TLS', () => {
    const context = { 'aws:sourceaccount': own, 's3:tlsversion': '1.1' };
    expect(ask(`AWSLogs/${own}/CloudTrail/x.json.gz`, context)).toBe(false);
  });

  test('is neither written nor read nor emptied by anybody else', () => {
    const key = `AWSLogs/${own}/CloudTrail/x.json.gz`;
    const context = { 'aws:sourceaccount': own };
    for (const who of [{ account: stranger }, { service: 'config.amazonaws.com' }]) {
      for (const action of ['s3:PutObject', 's3:GetObject', 's3:DeleteObject'])
        expect(ask(key, context, { who, action })).toBe(false);
    }
    expect(ask(key, context, { action: 's3:DeleteObject' })).toBe(false);
  });
});

describe('the key', () => {
  const ask = (service: string, action: string, context: Record<string, string> = {}) => {
    const { KeyPolicy } = find('AWS::KMS::Key', 'Key').properties;
    if (!isObject(KeyPolicy)) throw new Error('the key has no policy');
    const resource = arnOf(find('AWS::KMS::Key', 'Key'));
    return resourceAllows(KeyPolicy, { who: { service }, action, resource, context });
  };

  test('lets the services deliver to encrypted queues', () => {
    for (const service of ['events.amazonaws.com', 'sns.amazonaws.com']) {
      for (const action of ['kms:GenerateDataKey', 'kms:Decrypt']) expect(ask(service, action)).toBe(true);
    }
  });

  test('lets CloudTrail write for trails of this account only', () => {
    const trail = `arn:aws:cloudtrail:us-east-1:${own}:trail/roletrail`;
    expect(ask('cloudtrail.amazonaws.com', 'kms:GenerateDataKey', { 'aws:sourcearn': trail })).toBe(true);
    expect(
      ask('cloudtrail.amazonaws.com', 'kms:GenerateDataKey', {
        'aws:sourcearn': trail.replace(own, stranger),
      }),
    ).toBe(false);
  });

  test('is of no use to other services, and nobody but its account rules it', () => {
    expect(ask('lambda.amazonaws.com', 'kms:Decrypt')).toBe(false);
    for (const service of ['events.amazonaws.com', 'sns.amazonaws.com', 'cloudwatch.amazonaws.com']) {
      for (const action of ['kms:PutKeyPolicy', 'kms:ScheduleKeyDeletion', 'kms:CreateGrant'])
        expect(ask(service, action, { 'aws:sourceaccount': own })).toBe(false);
    }
  });
});
