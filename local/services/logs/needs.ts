import type { Authorizer, KeyAction } from '../../contract.ts';
import type { Deployment } from '../../template/deployment.ts';
import { urlSuffixOf } from '../../template/names.ts';

/** @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html */
const needed: readonly KeyAction[] = [
  'kms:Encrypt',
  'kms:Decrypt',
  'kms:ReEncryptFrom',
  'kms:ReEncryptTo',
  'kms:GenerateDataKey',
  'kms:DescribeKey',
];

/**
 * That CloudWatch Logs may use the key of each log group: AWS creates none otherwise, and the deployment fails.
 * @throws ServiceError in AWS's words
 */
export function checkLogGroups(deployment: Deployment, authorizer: Authorizer): void {
  const { region } = deployment;
  for (const { arn } of deployment.of('AWS::Logs::LogGroup')) {
    const names = [`logs.${region}.${urlSuffixOf(region)}`];
    authorizer.authorizeKey({ kind: 'service', names, sourceArn: arn }, arn, needed);
  }
}
