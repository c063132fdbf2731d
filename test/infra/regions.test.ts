import { RegionInfo } from 'aws-cdk-lib/region-info';
import { regions } from '../../infra/region-table.ts';
import { deliveryProblem, domainOf, partitionOf, regionProblem, snsPrincipals } from '../../infra/regions.ts';

test.each([
  ['us-east-1', 'aws', 'amazonaws.com'],
  ['ap-southeast-7', 'aws', 'amazonaws.com'],
  ['cn-northwest-1', 'aws-cn', 'amazonaws.com.cn'],
  ['us-gov-east-1', 'aws-us-gov', 'amazonaws.com'],
  ['eusc-de-east-1', 'aws-eusc', 'amazonaws.eu'],
])('%s is in partition %s, its endpoints in %s', (region, partition, domain) => {
  expect([partitionOf(region), domainOf(region), regionProblem(region)]).toEqual([partition, domain, null]);
});

test.each([
  ['us-est-1', 'is not a region that the CDK knows; check its spelling'],
  ['eu-west-9', 'is not a region that the CDK knows; check its spelling'],
  ['us-iso-east-1', 'is in partition aws-iso, which is not supported'],
  ['us-isob-east-1', 'is in partition aws-iso-b, which is not supported'],
  ['eu-isoe-west-1', 'is in partition aws-iso-e, which is not supported'],
])('%s %s', (region, problem) => {
  expect(regionProblem(region)).toBe(problem);
});

// SNS guide, "Sending messages to a queue in a different Region". Osaka is opt-in there, and enabled by default in the
// guide of accounts.
test.each([
  ['us-east-1', 'us-east-1', ['sns.amazonaws.com']],
  ['eu-west-1', 'us-east-1', ['sns.amazonaws.com']],
  ['ap-east-1', 'us-east-1', ['sns.ap-east-1.amazonaws.com']],
  ['us-east-1', 'af-south-1', ['sns.af-south-1.amazonaws.com']],
  ['mx-central-1', 'us-east-1', ['sns.mx-central-1.amazonaws.com']],
  ['af-south-1', 'af-south-1', ['sns.amazonaws.com']],
  ['ap-northeast-3', 'us-east-1', ['sns.amazonaws.com', 'sns.ap-northeast-3.amazonaws.com']],
  ['us-east-1', 'ap-northeast-3', ['sns.amazonaws.com', 'sns.ap-northeast-3.amazonaws.com']],
  ['cn-north-1', 'cn-northwest-1', ['sns.amazonaws.com']],
  ['us-gov-east-1', 'us-gov-west-1', ['sns.amazonaws.com']],
])('SNS delivers from %s to %s as %j', (topicRegion, queueRegion, principals) => {
  expect(snsPrincipals(topicRegion, queueRegion)).toEqual(principals);
  expect(deliveryProblem(topicRegion, queueRegion)).toBeNull();
});

test.each([
  ['ap-east-1', 'af-south-1'],
  ['eu-south-1', 'me-central-1'],
  ['ap-northeast-3', 'ap-east-1'],
])('SNS does not deliver from %s to %s, both opt-in', (topicRegion, queueRegion) => {
  expect(deliveryProblem(topicRegion, queueRegion)).toBe(
    `is an opt-in region as ${queueRegion} is, and SNS does not deliver from one opt-in region to another`,
  );
});

test('the table of Regions is the one that the CDK has', () => {
  const known = RegionInfo.regions.map(({ name, partition, domainSuffix, isOptInRegion }) => [
    name,
    { partition, domain: domainSuffix, optIn: isOptInRegion },
  ]);
  expect(Object.fromEntries(regions)).toEqual(Object.fromEntries(known));
});
