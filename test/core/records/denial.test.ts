import { type Denial, denialOf } from '../../../core/records/denial.ts';
import { failureOf, outcomeOf } from '../../../core/records/failure.ts';

const none: Denial = {
  policy: null,
  policyArn: null,
  deny: null,
  action: null,
  resource: null,
  encoded: false,
  authorizationId: null,
};
const john = 'User: arn:aws:iam::123456789012:user/John is not authorized to perform:';
const denied = (errorMessage: string, errorCode = 'AccessDenied') => denialOf({ errorCode, errorMessage });

// IAM guide, "Troubleshoot access denied error messages": its examples, word by word.
test.each([
  [
    'User: arn:aws:iam::777788889999:user/John is not authorized to perform: codecommit:ListRepositories because no service control policy allows the codecommit:ListRespositories action',
    ['service control policy', 'implicit', null],
  ],
  [
    'User: arn:aws:iam::777788889999:user/John is not authorized to perform: codecommit:ListRepositories with an explicit deny in a service control policy',
    ['service control policy', 'explicit', null],
  ],
  [
    `${john} secretsmanager:GetSecretValue on resource: arn:aws:secretsmanager:us-east-1:123456789012:secret:* with an explicit deny in a resource control policy`,
    ['resource control policy', 'explicit', 'arn:aws:secretsmanager:us-east-1:123456789012:secret:*'],
  ],
  [
    `${john} codecommit:ListRepositories because no VPC endpoint policy allows the codecommit:ListRepositories action`,
    ['VPC endpoint policy', 'implicit', null],
  ],
  [
    `${john} codedeploy:ListDeployments on resource: arn:aws:codedeploy:us-east-1:123456789012:deploymentgroup:* with an explicit deny in a VPC endpoint policy`,
    ['VPC endpoint policy', 'explicit', 'arn:aws:codedeploy:us-east-1:123456789012:deploymentgroup:*'],
  ],
  [
    `${john} codedeploy:ListDeployments on resource: arn:aws:codedeploy:us-east-1:123456789012:deploymentgroup:* because no permissions boundary allows the codedeploy:ListDeployments action`,
    ['permissions boundary', 'implicit', 'arn:aws:codedeploy:us-east-1:123456789012:deploymentgroup:*'],
  ],
  [
    'User: arn:aws:iam::777788889999:user/John is not authorized to perform: sagemaker:ListModels with an explicit deny in a permissions boundary',
    ['permissions boundary', 'explicit', null],
  ],
  [
    `${john} codecommit:ListRepositories because no session policy allows the codecommit:ListRepositories action`,
    ['session policy', 'implicit', null],
  ],
  [
    `${john} codedeploy:ListDeployments on resource: arn:aws:codedeploy:us-east-1:123456789012:deploymentgroup:* with an explicit deny in a sessions policy`,
    ['session policy', 'explicit', 'arn:aws:codedeploy:us-east-1:123456789012:deploymentgroup:*'],
  ],
  [
    `${john} secretsmanager:GetSecretValue because no resource-based policy allows the secretsmanager:GetSecretValue action`,
    ['resource-based policy', 'implicit', null],
  ],
  [
    `${john} sts:AssumeRole because no role trust policy allows the sts:AssumeRole action`,
    ['role trust policy', 'implicit', null],
  ],
  [
    'User: arn:aws:iam::777788889999:user/John is not authorized to perform: sts:AssumeRole with an explicit deny in the role trust policy',
    ['role trust policy', 'explicit', null],
  ],
  [
    'User: arn:aws:iam::123456789012:role/HR is not authorized to perform: codecommit:ListRepositories because no identity-based policy allows the codecommit:ListRepositories action',
    ['identity-based policy', 'implicit', null],
  ],
  [
    'User: arn:aws:sts::111122223333:assumed-role/role-name/role-session-name is not authorized to perform: SNS:Publish on resource: arn:aws:sns:us-east-1:444455556666:role-name-2 with an explicit deny in a VPC endpoint policy transitively through a service control policy',
    ['VPC endpoint policy', 'explicit', 'arn:aws:sns:us-east-1:444455556666:role-name-2'],
  ],
  // S3 guide, "Troubleshoot access denied (403 Forbidden) errors".
  [
    'User: arn:aws:sts::123456789012:user/MaryMajor is not authorized to perform: s3:PutBucketPolicy on resource: "arn:aws:s3:::amzn-s3-demo-bucket1/object-name" because public policies are prevented by the BlockPublicPolicy setting in S3 Block Public Access.',
    ['S3 Block Public Access', 'explicit', 'arn:aws:s3:::amzn-s3-demo-bucket1/object-name'],
  ],
] as const)('AWS guide: %s', (message, [policy, deny, resource]) => {
  const { action, ...rest } = denied(message) ?? none;
  expect(action).toMatch(/^\w+:[A-Z]\w+$/);
  expect(rest).toEqual({ ...none, policy, deny, resource, action: undefined });
});

// Security Blog, "Enhanced access denied error messages with policy ARNs"; the same in other partitions.
test.each([
  [
    'service control policy',
    'arn:aws:organizations::987654321098:policy/o-qv5af4abcd/service_control_policy/p-2kgnabcd',
  ],
  [
    'resource control policy',
    'arn:aws-us-gov:organizations::987654321098:policy/o-qv5af4abcd/resource_control_policy/p-2kgnabcd',
  ],
  ['permissions boundary', 'arn:aws-cn:iam::123456789012:policy/Edge'],
  ['session policy', 'arn:aws-eusc:iam::123456789012:policy/team/Session'],
  ['identity-based policy', 'arn:aws:iam::aws:policy/AWSDenyAll'],
])('the ARN of a denying %s', (policy, policyArn) => {
  const article = policy.startsWith('i') ? 'an' : 'a';
  const message = `User: arn:aws:iam::123456789012:user/Matt is not authorized to perform: iam:ListRoles on resource: arn:aws:iam::123456789012:role/* with an explicit deny in ${article} ${policy}: ${policyArn}`;
  const expected = { policy, policyArn, deny: 'explicit', resource: 'arn:aws:iam::123456789012:role/*' };
  expect(denied(message)).toMatchObject(expected);
  expect(denied(`${message}.`)).toMatchObject(expected);
});

test('an authorization ID, and the link before it (IAM guide, "... with authorization ID")', () => {
  const message = `User: arn:aws:iam::123456789012:user/janedoe is not authorized to perform: iam:CreateInstanceProfile
on resource: arn:aws:iam::123456789012:instance-profile/my-instance-profile
with an explicit deny in an identity-based policy: arn:aws:iam::123456789012:policy/ExampleDenyPolicy.
Go to https://us-east-1.console.aws.amazon.com/iam/home?region=us-east-1#/authorization-details/EXAMPLE1a2b3c4d5e6f7g8h9i0j for complete details,
or call the GetRequestAuthorizationDetails API with the following authorization id: EXAMPLE1a2b3c4d5e6f7g8h9i0j`;
  expect(denied(message)).toEqual({
    policy: 'identity-based policy',
    policyArn: 'arn:aws:iam::123456789012:policy/ExampleDenyPolicy',
    deny: 'explicit',
    action: 'iam:CreateInstanceProfile',
    resource: 'arn:aws:iam::123456789012:instance-profile/my-instance-profile',
    encoded: false,
    authorizationId: 'EXAMPLE1a2b3c4d5e6f7g8h9i0j',
  });
});

test('what EC2 encodes is said to be encoded, with whatever stands before it', () => {
  const alone =
    'You are not authorized to perform this operation. Encoded authorization failure message: XQ_jqde5rHje';
  expect(denied(alone, 'Client.UnauthorizedOperation')).toEqual({ ...none, encoded: true });
  const both =
    'You are not authorized to perform this operation. User: arn:aws:sts::999888777666:assumed-role/ReadOnly/Tom is not authorized to perform: ec2:RunInstances on resource: arn:aws:ec2:us-east-1:999888777666:instance/* with an explicit deny in a service control policy. Encoded authorization failure message: XQ_jqde5rHje6j9P';
  expect(denied(both, 'Client.UnauthorizedOperation')).toMatchObject({
    policy: 'service control policy',
    policyArn: null,
    deny: 'explicit',
    resource: 'arn:aws:ec2:us-east-1:999888777666:instance/*',
    encoded: true,
  });
});

test('a service that says no more than that', () => {
  expect(denied('Access Denied')).toEqual(none);
  expect(denialOf({ errorCode: 'AccessDeniedException', errorMessage: null })).toEqual(none);
  expect(denied(`${john} sts:AssumeRole on resource: arn:aws:iam::1:role/x`)).toMatchObject({
    policy: null,
    deny: null,
    resource: 'arn:aws:iam::1:role/x',
  });
});

test("names in a message that read like AWS's reason change nothing where AWS gives one", () => {
  const key =
    'a because no session policy allows the x with an explicit deny in a service control policy: arn:aws:iam::1:policy/x';
  const message = `${john} s3:GetObject on resource: "arn:aws:s3:::b/${key}" because no identity-based policy allows the s3:GetObject action`;
  expect(denied(message)).toMatchObject({
    policy: 'identity-based policy',
    policyArn: null,
    deny: 'implicit',
  });
});

test.each([
  ['ThrottlingException', 'Rate exceeded'],
  ['NoSuchBucket', 'The specified bucket does not exist'],
  ['Client.InvalidInstanceID.NotFound', "The instance ID 'i-1' does not exist"],
  [null, null],
])('%s is no denial', (errorCode, errorMessage) => {
  expect(denialOf({ errorCode, errorMessage })).toBeNull();
});

test.each([
  [{}, 'done'],
  [{ errorCode: 'AccessDenied' }, 'refused'],
  [{ errorCode: 'Client.UnauthorizedOperation' }, 'refused'],
  [{ errorCode: 'ExpiredToken' }, 'refused'],
  [{ errorCode: 'Client.RequestExpired' }, 'refused'],
  [{ errorCode: 'ThrottlingException' }, 'failed'],
  [
    {
      eventSource: 'signin.amazonaws.com',
      eventName: 'ConsoleLogin',
      responseElements: { ConsoleLogin: 'Failure' },
    },
    'failed',
  ],
])('%j is %s', (record, outcome) => {
  expect(outcomeOf(failureOf(record))).toBe(outcome);
});

test('a message of any length and form is read in no time', () => {
  const long = `${john} s3:GetObject on resource: ${'because no '.repeat(50_000)}`;
  expect(denied(long)?.deny).toBe('implicit');
  expect(denied(`User: is not authorized to perform:${' '.repeat(200_000)}`)).toMatchObject({ action: null });
});
