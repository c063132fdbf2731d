import { type RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Effect, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { partnerPrincipals } from './names.ts';
import { domainOf } from './regions.ts';
import type { RoletrailConfig } from './roletrail-config.ts';

/**
 * The one key of the production stack: tables, buckets, queues, log groups, alarm topic and executions. Roles use it
 * through the service that keeps the data; the services named here use it to deliver to an encrypted queue, bucket,
 * topic or log group.
 */
export function createDataKey(scope: Construct, config: RoletrailConfig, removalPolicy: RemovalPolicy): Key {
  const { account, region, partition } = Stack.of(scope);
  const key = new Key(scope, 'Key', {
    description: 'roletrail: evidence and all on its way',
    enableKeyRotation: true,
    removalPolicy,
  });
  const allow = (
    sid: string,
    services: string[],
    actions: string[],
    conditions?: Record<string, Record<string, string>>,
  ) =>
    key.addToResourcePolicy(
      new PolicyStatement({
        sid,
        principals: services.map(service => new ServicePrincipal(service)),
        actions,
        resources: ['*'],
        ...(conditions ? { conditions } : {}),
      }),
    );

  // Neither service supports SourceArn conditions in the key of an encrypted queue; the queue's policy has them.
  const sns = partnerPrincipals(config);
  const deliver = ['kms:GenerateDataKey*', 'kms:Decrypt'];
  // SQS binds the data key to the queue; should it not say so for a service that delivers, the condition is silent.
  allow('DeliverToQueues', ['events.amazonaws.com', ...sns], deliver, {
    ArnLikeIfExists: {
      'kms:EncryptionContext:aws:sqs:arn': `arn:${partition}:sqs:${region}:${account}:*`,
    },
  });
  // Where AWS says for which account a service delivers, the key is for these alone; where not, these are silent.
  const onlyFor = (sid: string, services: string[], accounts: string[]) =>
    key.addToResourcePolicy(
      new PolicyStatement({
        sid,
        effect: Effect.DENY,
        principals: services.map(service => new ServicePrincipal(service)),
        actions: deliver,
        resources: ['*'],
        conditions: {
          Null: { 'aws:SourceAccount': 'false' },
          StringNotEquals: { 'aws:SourceAccount': accounts },
        },
      }),
    );
  onlyFor('RulesOfThisAccount', ['events.amazonaws.com'], [account]);
  if (sns.length > 0) {
    const partners = config.partners.map(partner => partner.account);
    onlyFor('TopicsOfThePartners', sns, [account, ...partners]);
  }
  allow('Alarms', ['cloudwatch.amazonaws.com'], ['kms:GenerateDataKey*', 'kms:Decrypt'], {
    StringEquals: { 'aws:SourceAccount': account },
  });
  allow(
    'LogGroups',
    [`logs.${region}.${domainOf(region)}`],
    ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:DescribeKey'],
    {
      ArnLike: {
        'kms:EncryptionContext:aws:logs:arn': `arn:${partition}:logs:${region}:${account}:log-group:*`,
      },
    },
  );
  allow('ExecutionLogs', ['delivery.logs.amazonaws.com'], ['kms:Decrypt'], {
    StringEquals: { 'kms:EncryptionContext:SourceArn': `arn:${partition}:logs:${region}:${account}:*` },
  });
  if (config.trailBucket.create) {
    allow(
      'CloudTrailWritesLogFiles',
      ['cloudtrail.amazonaws.com'],
      ['kms:GenerateDataKey*', 'kms:Decrypt', 'kms:DescribeKey'],
      { ArnLike: { 'aws:SourceArn': `arn:${partition}:cloudtrail:*:${account}:trail/*` } },
    );
  }
  return key;
}
