import { readFileSync } from 'node:fs';
import { levelOf } from '../../core/resources/iam/actions.ts';
import { iamActions, iamActionsFile, iamActionsText } from '../../infra/reference/iam-actions.ts';

test('the extract in the repository is that of the installed package ; otherwise run: npm run docs', async () => {
  expect(readFileSync(iamActionsFile, 'utf8')).toBe(iamActionsText(await iamActions()));
});

// Service authorization reference, "Access level" of each action.
test.each([
  ['iam', 'CreateUser', 'write'],
  ['iam', 'AttachUserPolicy', 'permission'],
  ['iam', 'UpdateAssumeRolePolicy', 'permission'],
  ['iam', 'TagRole', 'write'],
  ['iam', 'ListUsers', 'read'],
  ['s3', 'PutBucketAcl', 'permission'],
  ['s3', 'PutObject', 'write'],
  ['s3', 'HeadObject', 'read'],
  ['s3', 'ListBuckets', 'read'],
  ['s3', 'DeleteBucketLifecycle', 'write'],
  ['kms', 'CreateGrant', 'permission'],
  ['kms', 'ReEncrypt', 'write'],
  ['lambda', 'AddPermission', 'permission'],
  ['lambda', 'Invoke', 'write'],
  ['monitoring', 'PutMetricAlarm', 'write'],
  ['email', 'SendEmail', 'write'],
  ['api.ecr', 'SetRepositoryPolicy', 'permission'],
  ['catalog.marketplace', 'StartChangeSet', 'write'],
  ['s3', 'NoSuchCall', null],
  ['__proto__', 'x', null],
  ['s3', '__proto__', null],
])('%s %s: %s', (source, call, level) => {
  expect(levelOf(source, call)).toBe(level);
});
