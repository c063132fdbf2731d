import { writeFileSync } from 'node:fs';
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Roletrail } from '../../infra/roletrail.ts';
import type { RoletrailConfig } from '../../infra/roletrail-config.ts';

/** Writes the template of a stack of somebody else's that has roletrail in it to `file`. */
export function writeTheirs(config: RoletrailConfig, file: string): void {
  const stack = new Stack(new App(), 'Theirs', { env: config.production });
  new Roletrail(stack, 'Audit', {
    config,
    code: () => Code.fromInline('exports.handler = async () => {}'),
    existing: {
      key: Key.fromKeyArn(stack, 'TheirKey', 'arn:aws:kms:us-east-1:999999999999:key/theirs'),
      accessLogs: Bucket.fromBucketName(stack, 'TheirLogs', 'their-access-logs'),
    },
    removal: 'delete',
  });
  writeFileSync(file, JSON.stringify(Template.fromStack(stack).toJSON()));
}
