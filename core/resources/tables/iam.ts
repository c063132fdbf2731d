import type { ServiceTable } from '../row.ts';

/** ARNs: service authorization reference, "Resource types defined by AWS Identity and Access Management". */
export const iam: ServiceTable = {
  sources: ['iam'],
  rows: [
    { at: ['response.accessKey.accessKeyId', 'request.accessKeyId'], type: 'AWS::IAM::AccessKey' },
    {
      at: ['response.user.arn', 'request.userName', 'response.accessKey.userName'],
      type: 'AWS::IAM::User',
      arn: 'iam::{account}:user/{}',
    },
    { at: ['response.role.arn', 'request.roleName'], type: 'AWS::IAM::Role', arn: 'iam::{account}:role/{}' },
    {
      at: ['response.group.arn', 'request.groupName'],
      type: 'AWS::IAM::Group',
      arn: 'iam::{account}:group/{}',
    },
    { at: ['response.policy.arn', 'request.policyArn'], type: 'AWS::IAM::ManagedPolicy' },
  ],
};
