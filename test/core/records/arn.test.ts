import {
  accountInArn,
  isSessionArn,
  lastPart,
  oidcIssuer,
  parseArn,
  parseRoleArn,
  parseSessionArn,
  requiredArn,
} from '../../../core/records/arn.ts';

/** From the IAM guide (ARN format, IAM identifiers), the CloudWatch Logs and Step Functions guides. */
test.each([
  [
    'arn:aws:iam::123456789012:user/Development/product_1234',
    'aws iam - 123456789012 user/Development/product_1234',
  ],
  [
    'arn:aws:sns:us-east-1:123456789012:example-sns-topic-name',
    'aws sns us-east-1 123456789012 example-sns-topic-name',
  ],
  ['arn:aws-cn:s3:::amzn-s3-demo-bucket/key', 'aws-cn s3 - - amzn-s3-demo-bucket/key'],
  ['arn:aws-us-gov:iam::123456789012:root', 'aws-us-gov iam - 123456789012 root'],
  [
    'arn:aws:logs:us-west-2:123456789012:log-group:/aws/a:log-stream:b',
    'aws logs us-west-2 123456789012 log-group:/aws/a:log-stream:b',
  ],
  [
    'arn:aws:states:eu-west-1:123456789012:execution:audit:logs-1',
    'aws states eu-west-1 123456789012 execution:audit:logs-1',
  ],
])('the parts of %s', (text, parts) => {
  const { partition, service, region, account, resource } = requiredArn(text);
  expect([partition, service, region || '-', account || '-', resource].join(' ')).toBe(parts);
});

test.each([
  ['nothing', null],
  ['an empty text', ''],
  ['a name', 'DataAdmin'],
  ['five parts', 'arn:aws:iam::123456789012'],
  ['an id with colons', 'AROAEXAMPLEROLEID0001:a:b:c:d:e'],
  ['large letters, which no ARN of AWS begins with', 'ARN:aws:iam::123456789012:root'],
])('%s is not an ARN', (_, text) => {
  expect(parseArn(text)).toBeNull();
  expect(accountInArn(text)).toBeNull();
});

test('what must be an ARN and is none is told by its text', () => {
  expect(() => requiredArn('audit')).toThrow(new TypeError('"audit" is not an ARN'));
});

test.each([
  ['arn:aws:iam::123456789012:role/DataAdmin', '123456789012'],
  ['arn:aws:s3:::amzn-s3-demo-bucket', null],
  ['arn:aws:iam::aws:policy/ReadOnlyAccess', 'aws'],
])('the account in %s', (text, account) => {
  expect(accountInArn(text)).toBe(account);
});

test.each([
  ['arn:aws:iam::123456789012:role/DataAdmin', { path: '', name: 'DataAdmin' }],
  ['arn:aws-cn:iam::123456789012:role/msp/eu/Operations', { path: 'msp/eu', name: 'Operations' }],
  ['arn:aws:iam::123456789012:user/DataAdmin', null],
  ['arn:aws:iam::1234:role/DataAdmin', null],
  ['arn:aws:iam::123456789012:role/', null],
])('the role of %s', (text, role) => {
  const { path, name } = parseRoleArn(text) ?? {};
  expect(role ? { path, name } : parseRoleArn(text)).toEqual(role);
});

test.each([
  ['arn:aws:sts::123456789012:assumed-role/DataAdmin/db-maintenance', 'DataAdmin db-maintenance', true],
  ['arn:aws:sts::123456789012:assumed-role/aws:ec2-instance/i-0abc', 'aws:ec2-instance i-0abc', true],
  ['arn:aws:sts::************:assumed-role/DataAdmin/db-maintenance', null, true],
  ['arn:aws:sts::123456789012:federated-user/jsmith', null, false],
  ['arn:aws:iam::123456789012:role/assumed-role/DataAdmin', null, false],
])('the session of %s', (text, names, isSession) => {
  const session = parseSessionArn(text);
  expect(session && `${session.roleName} ${session.sessionName}`).toBe(names);
  expect(isSessionArn(text)).toBe(isSession);
});

test.each([
  ['arn:aws:iam::123456789012:oidc-provider/gitlab.com', 'gitlab.com'],
  [
    'arn:aws-cn:iam::123456789012:oidc-provider/oidc.eks.cn-north-1.amazonaws.com.cn/id/A',
    'oidc.eks.cn-north-1.amazonaws.com.cn/id/A',
  ],
  [
    'arn:aws:iam::123456789012:saml-provider/oidc-provider/x',
    'arn:aws:iam::123456789012:saml-provider/oidc-provider/x',
  ],
  ['accounts.google.com', 'accounts.google.com'],
])('the issuer that %s names', (provider, issuer) => {
  expect(oidcIssuer(provider)).toBe(issuer);
});

test.each([
  ['arn:aws:iam::123456789012:user/Development/jsmith', 'jsmith'],
  ['AWSLogs/a.json.gz', 'a.json.gz'],
  ['jsmith', 'jsmith'],
])('the last part of %s', (text, part) => {
  expect(lastPart(text)).toBe(part);
});
