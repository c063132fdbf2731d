import type { Row, ServiceTable } from '../row.ts';
import { autoscaling, ecr, ecs, eks, lambda, lightsail } from './compute.ts';
import { athena, caches, dynamodb, glue, rds, redshift, search } from './data.ts';
import {
  apigateway,
  bedrock,
  cloudformation,
  cloudfront,
  loadBalancing,
  route53,
  transfer,
  waf,
} from './delivery.ts';
import { ec2 } from './ec2.ts';
import { cognito, iam, identityCenter, organizations, rolesAnywhere, signin, sts } from './iam.ts';
import { events, kinesis, ses, sns, sqs, states } from './messages.ts';
import { acm, kms, secretsManager, ssm } from './secrets.ts';
import { backup, files, s3 } from './storage.ts';
import { cloudtrail, cloudwatch, config, guardduty, logs, securityHub } from './watching.ts';

export const tables: readonly ServiceTable[] = [
  ...[s3, files, backup, iam, sts, signin, identityCenter, organizations, cognito, rolesAnywhere],
  ...[ec2, lambda, autoscaling, ecs, ecr, eks, lightsail],
  ...[dynamodb, rds, redshift, glue, athena, caches, search],
  ...[kms, secretsManager, ssm, acm],
  ...[cloudtrail, logs, cloudwatch, config, guardduty, securityHub],
  ...[sns, sqs, events, states, ses, kinesis],
  ...[cloudformation, route53, cloudfront, loadBalancing, apigateway, waf, bedrock, transfer],
];

const bySource = new Map(tables.flatMap(table => table.sources.map(source => [source, table.rows] as const)));

/** The rows of a service; none for one without a table. */
export function rowsOf(service: string): readonly Row[] {
  return bySource.get(service) ?? [];
}

/** The services that have a table of their own, as eventSource names them. */
export const tabled: readonly string[] = [...bySource.keys()];

/** All rows whose ARNs can be told by how they begin: what the type of any ARN is found by. */
export const allRows: readonly Row[] = tables.flatMap(table => table.rows);
