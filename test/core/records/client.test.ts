import { clientOf, clientText } from '../../../core/records/client.ts';

// As published logs have them: AWS's guides, the Terraform provider, CloudShell, the console's backends.
test.each([
  [
    'aws-cli/2.31.1 md/awscrt#0.27.6 ua/2.1 os/linux#6.1.147-172.266.amzn2023.x86_64 md/arch#x86_64 lang/python#3.13.7 md/pyimpl#CPython exec-env/CloudShell m/Z,b,E,C cfg/retry-mode#standard md/installer#exe md/distrib#amzn.2023 md/prompt#off md/command#s3.ls',
    'cli',
    'AWS CLI 2.31.1 on Amazon Linux, AWS CloudShell',
  ],
  [
    'aws-cli/1.16.168 Python/3.7.3rc1 Linux/4.19.0-kali3-amd64 botocore/1.12.158',
    'cli',
    'AWS CLI 1.16.168 on Kali Linux',
  ],
  [
    '[aws-cli/2.17.32 md/awscrt#0.21.2 ua/2.0 os/linux#0.0.0.0-microsoft-standard-WSL2 md/arch#x86_64 lang/python#3.11.9]',
    'cli',
    'AWS CLI 2.17.32 on Windows (WSL)',
  ],
  ['aws-cli/1.3.2 Python/2.7.5 Windows/7', 'cli', 'AWS CLI 1.3.2 on Windows'],
  [
    'Boto3/1.36.3 md/Botocore#1.36.3 os/linux#5.10.233 exec-env/AWS_Lambda_python3.13',
    'sdk',
    'AWS SDK for Python (Boto3) 1.36.3 on Linux, AWS Lambda',
  ],
  [
    'Boto3/1.3.0 Python/3.4.4 Darwin/15.4.0 Botocore/1.4.8',
    'sdk',
    'AWS SDK for Python (Boto3) 1.3.0 on macOS',
  ],
  [
    'aws-sdk-js/3.632.0 ua/2.0 os/linux#5.10.227-239.884.amzn2.x86_64 lang/js md/nodejs#20.18.0 api/connect#3.632.0 exec-env/AWS_Lambda_nodejs20.x',
    'sdk',
    'AWS SDK for JavaScript 3.632.0 on Amazon Linux, AWS Lambda',
  ],
  ['aws-sdk-go-v2/1.36.3 trail-keeper/4.2', 'sdk', 'AWS SDK for Go 1.36.3 (trail-keeper/4.2)'],
  ['aws-sdk-java/2.46.14 md/internal api/STS#2.46.x', 'sdk', 'AWS SDK for Java 2.46.14'],
  [
    'APN/1.0 HashiCorp/1.0 Terraform/1.4.2 (+https://www.terraform.io) terraform-provider-aws/4.59.0 (+https://registry.terraform.io/providers/hashicorp/aws) aws-sdk-go/1.44.221 (go1.19.6; darwin; arm64)',
    'infrastructure as code',
    'Terraform 1.4.2 on macOS',
  ],
  [
    'aws-cdk/2.100.0 aws-sdk-js/3.400.0 ua/2.0 os/darwin#23 lang/js',
    'infrastructure as code',
    'AWS CDK 2.100.0 on macOS',
  ],
  [
    '[S3Console/0.4, aws-internal/3 aws-sdk-java/1.12.488 Linux/5.10.184-153.731.amzn2int.x86_64 OpenJDK_64-Bit_Server_VM/25.372-b08 java/1.8.0_372]',
    'console',
    'AWS Management Console (S3Console)',
  ],
  ['AWS Signin, aws-internal/3 aws-sdk-java/1.12', 'console', 'AWS Management Console (AWS Signin)'],
  ['console.amazonaws.com', 'console', 'AWS Management Console'],
  ['signin.amazonaws.com', 'console', 'AWS Management Console'],
  [
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36 Edg/126.0.0.0',
    'browser',
    'Edge 126.0.0.0 on Windows',
  ],
  [
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 Safari/605.1.15',
    'browser',
    'Safari 17.4 on macOS',
  ],
  [
    'Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:102.0) Gecko/20100101 Firefox/102.0',
    'browser',
    'Firefox 102.0 on Linux',
  ],
  ['Mozilla/5.0', 'browser', 'Browser'],
  ['rds.amazonaws.com', 'service', 'rds.amazonaws.com'],
  ['fas.s3.amazonaws.com', 'service', 'fas.s3.amazonaws.com'],
  ['cloudformation.amazonaws.com.cn', 'service', 'cloudformation.amazonaws.com.cn'],
  ['AWS Internal', 'service', 'AWS Internal'],
  ['stratus-red-team_a2b12a28-54dd-4962-80dd-afa7b3840220', 'other', 'Stratus Red Team'],
  ['aws-sdk-go/1.41.4 (go1.18.3; linux; amd64) amazon-ssm-agent/', 'other', 'SSM Agent on Linux'],
  ['[curl/8.12.1]', 'other', 'curl 8.12.1'],
  ['Coral/Netty4', 'other', 'Coral Netty4'],
])('%s', (agent, kind, text) => {
  const client = clientOf(agent);
  expect(client?.kind).toBe(kind);
  expect(client && clientText(client)).toBe(text);
});

test('one client that sets another id each time is one client', () => {
  const agent = (id: string) => clientOf(`aws-cli/2.17.32 os/linux exec-env/grimoire_${id}`);
  expect(agent('41e6c6b5-355e-4294-b312-6290fb2674db')).toEqual(
    agent('354f3334-f231-4480-83d7-9a4de162169c'),
  );
});

test('an address of the console does not make a browser of what follows it', () => {
  expect(clientOf('evil.example.com rds.amazonaws.com')?.kind).toBe('other');
  expect(clientOf('console.amazonaws.com evil')?.kind).toBe('console');
});

test.each([[null], [''], ['  '], ['[]']])('%j is no client', agent => {
  expect(clientOf(agent)).toBeNull();
});

test('an agent of any length and form is read', () => {
  for (const agent of [
    '('.repeat(100_000),
    ' a/b'.repeat(50_000),
    'Mozilla/'.repeat(9_000),
    '\u0000\u202e<b>',
  ])
    expect(clientOf(agent)?.name.length).toBeLessThanOrEqual(1024);
});
