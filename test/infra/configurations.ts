import type { RoletrailConfig } from '../../infra/roletrail-config.ts';

const many = <T>(count: number, of: (index: number) => T) =>
  Array.from({ length: count }, (_, index) => of(index));
const partner = (account: string, ...regions: string[]) => ({ account, regions });
const accountOf = (index: number) => String(100_000_000_000 + index);
const at = (region: string) => ({ account: '999999999999', region });
const enabledByDefault = [
  ...['us-east-1', 'us-east-2', 'us-west-1', 'us-west-2', 'ca-central-1', 'sa-east-1'],
  ...['eu-central-1', 'eu-north-1', 'eu-west-1', 'eu-west-2', 'eu-west-3'],
  ...['ap-northeast-1', 'ap-northeast-2', 'ap-northeast-3', 'ap-south-1', 'ap-southeast-1', 'ap-southeast-2'],
];

/** What a deployment can be told, by name: each a change of the example. All of them have to fit AWS's limits. */
export const configurations: Record<string, Partial<RoletrailConfig>> = {
  example: {},
  'an existing bucket and its key': {
    trailBucket: { name: 'trail-of-ours', keyArn: 'arn:aws:kms:us-east-1:999999999999:key/1234' },
  },
  'an e-mail address': { alarmEmail: 'soc@example.com' },
  'every role': { auditedRoles: ['*'] },
  'no partners': { partners: [] },
  '40 partners in 3 regions': {
    partners: many(40, index => partner(accountOf(index), 'us-east-1', 'eu-central-1', 'ap-southeast-2')),
  },
  '100 partners in 3 regions': {
    partners: many(100, index => partner(accountOf(index), 'us-east-1', 'eu-central-1', 'ap-southeast-2')),
  },
  'a partner in 17 regions': { partners: [partner('111111111111', ...enabledByDefault)] },
  '200 names': { auditedRoles: many(200, index => `A-role-name-of-some-length-${index}`) },
  '50 ARNs': {
    auditedRoles: many(50, index => `arn:aws:iam::999999999999:role/team/of/some/path/ThisRole${index}`),
  },
  '10 ARNs': { auditedRoles: many(10, index => `arn:aws:iam::999999999999:role/Role${index}`) },
  'roles of 30 accounts': {
    auditedRoles: many(30, index => `arn:aws:iam::${accountOf(index)}:role/team/Deploy`),
    trailAccounts: many(30, accountOf),
  },
  '90 external ids': {
    partners: [
      { ...partner('111111111111', 'us-east-1'), externalIds: many(90, index => `external-id-${index}`) },
    ],
  },
  'production in an opt-in region': {
    production: at('af-south-1'),
    partners: [partner('111111111111', 'us-east-1', 'af-south-1')],
  },
  'partners in opt-in regions': {
    partners: [partner('111111111111', 'ap-east-1', 'me-central-1', 'ap-northeast-3')],
  },
  China: {
    production: at('cn-north-1'),
    auditedRoles: ['arn:aws-cn:iam::999999999999:role/CrossAccountTest'],
    partners: [partner('111111111111', 'cn-north-1', 'cn-northwest-1')],
  },
  GovCloud: {
    production: at('us-gov-west-1'),
    auditedRoles: ['arn:aws-us-gov:iam::999999999999:role/CrossAccountTest'],
    partners: [partner('111111111111', 'us-gov-west-1', 'us-gov-east-1')],
  },
  'the European sovereign cloud': {
    production: at('eusc-de-east-1'),
    auditedRoles: ['arn:aws-eusc:iam::999999999999:role/CrossAccountTest'],
    partners: [partner('111111111111', 'eusc-de-east-1')],
  },
  "an organisation's trail": { trailAccounts: ['*'] },
  'the smallest batches': { batch: { size: 1, windowSeconds: 0 } },
};
