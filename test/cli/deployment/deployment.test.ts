import { awsDeployment } from '../../../cli/deployment/deployment.ts';
import type { Outputs } from '../../../cli/deployment/outputs.ts';

const outputs = (partition: string, region: string) =>
  ({
    StateMachineArn: `arn:${partition}:states:${region}:999999999999:stateMachine:Audit`,
    AuditedRoles: '["Deploy"]',
  }) as Outputs;
const execution = (partition: string, region: string) =>
  `arn:${partition}:states:${region}:999999999999:execution:Audit:replay-1`;

// Domains: AWS General Reference, sign-in of the partitions.
test.each([
  ['aws', 'eu-west-1', 'eu-west-1.console.aws.amazon.com'],
  ['aws-cn', 'cn-north-1', 'console.amazonaws.cn'],
  ['aws-us-gov', 'us-gov-west-1', 'console.amazonaws-us-gov.com'],
])("an execution's address in the console of %s", (partition, region, host) => {
  const arn = execution(partition, region);
  const { consoleOf } = awsDeployment(outputs(partition, region), {});
  expect(consoleOf?.(arn)).toBe(`https://${host}/states/home?region=${region}#/v2/executions/details/${arn}`);
});

test('what is reached at an address of its own has none', () => {
  const { consoleOf } = awsDeployment(outputs('aws', 'us-east-1'), {
    AWS_ENDPOINT_URL: 'http://127.0.0.1:1',
  });
  expect(consoleOf).toBeNull();
});
