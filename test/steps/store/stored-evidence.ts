/**
 * One record and the item that holds it, as it was once written: what is stored must stay readable.
 * The bytes are kept as they were written, because nothing but reading them tells that they still can be read.
 */
export const record = JSON.stringify({
  eventVersion: '1.11',
  userIdentity: {
    type: 'AssumedRole',
    principalId: 'AROAEXAMPLEROLEID0001:db-maintenance',
    arn: 'arn:aws:sts::999999999999:assumed-role/DataAdmin/db-maintenance',
    accountId: '999999999999',
    accessKeyId: 'ASIAEXAMPLEFIRST0001',
    sessionContext: {
      sessionIssuer: {
        type: 'Role',
        principalId: 'AROAEXAMPLEROLEID0001',
        arn: 'arn:aws:iam::999999999999:role/DataAdmin',
        accountId: '999999999999',
        userName: 'DataAdmin',
      },
      attributes: { creationDate: '2025-03-11T09:21:40Z', mfaAuthenticated: 'false' },
    },
  },
  eventTime: '2025-03-11T09:22:05Z',
  eventSource: 's3.amazonaws.com',
  eventName: 'GetObject',
  awsRegion: 'eu-west-1',
  sourceIPAddress: '192.0.2.44',
  userAgent: '[aws-cli/2.15.0 Python/3.11.6]',
  requestParameters: { bucketName: 'ledger', key: 'märz.csv' },
  responseElements: null,
  requestID: '5f1c9a7e2b3d4c5e',
  eventID: '0d6f7c1e-3a52-4b0c-9f1d-2f8e6a7b9c10',
  readOnly: true,
  eventType: 'AwsApiCall',
  managementEvent: false,
  recipientAccountId: '999999999999',
  eventCategory: 'Data',
});

const S = (value: string) => ({ S: value });
const B = (base64: string) => ({ B: Buffer.from(base64, 'base64') });

const indexed = {
  eventID: S('0d6f7c1e-3a52-4b0c-9f1d-2f8e6a7b9c10'),
  copy: S('999999999999#trail'),
  credential: S('ASIAEXAMPLEFIRST0001'),
  use: S('3c44f19c85d18d83'),
  eventName: S('GetObject'),
  eventSource: S('s3.amazonaws.com'),
  awsRegion: S('eu-west-1'),
  sourceIPAddress: S('192.0.2.44'),
  agent: S('aws-cli/2.15.0 Python/3.11.6'),
};

export const source = 's3://trail/AWSLogs/a.json.gz';
export const execution = 'logs-999999999999-eu-west-1-20250311T0925Z-x1-0123456789abcdef';
export const digest = '76e501b4161d3fcee592f4bbaafe63b69c8a2ad11c7a9c13a806adc59f52986f';

export const item = {
  ...indexed,
  at: S('2025-03-11T09:22:05Z#0d6f7c1e'),
  digest: { B: Buffer.from(digest, 'hex') },
  coding: S('d2'),
  record: B(
    'gwY5OKTh4ZqI7m9LJKALNxbkb1MDY7AzjUxB/tY1gIdQYlJySmqaUixXNXVrIGhoBfn7uHq6gILLKiVJNzcRtFYuDzQbir2GQvYAag0FKizAsyf6mOYgZUdkA7DWXBixSJWaDMO32Ks2FO+hegu/P5DqOIQOIqoq5PRpaGViQKCqwqyPMBI4Zn1kjLc6gqdgtNoIkeix1UZI2QO1XorGl6tisVdKaEszckA92CL42ovcw0uKqvSSi8uUanHXXMjVkGmaYbJlonmqUZJxikmyaSpKtURUcYJZUxFfFcGrOix1EVqiwdo/qAUA',
  ),
};
