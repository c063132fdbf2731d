import { compilePattern } from '@roletrail/local/deployment';
import { digestCreated, logFileCreated } from '../../infra/trail-pattern.ts';

const bucket = 'cloudtrailbucket-999999999999';
const matches = compilePattern(logFileCreated(bucket));

function created(key: string, name = bucket) {
  return {
    source: 'aws.s3',
    'detail-type': 'Object Created',
    detail: { bucket: { name }, object: { key, size: 1 }, reason: 'PutObject' },
  };
}

const day = 'us-east-1/2016/04/05';
const file = '999999999999_CloudTrail_us-east-1_20160405T2045Z_AbCdEfGhIjKlMnOp.json.gz';

test.each([
  ['an account’s log file', `AWSLogs/999999999999/CloudTrail/${day}/${file}`],
  ['below a prefix', `security/trails/AWSLogs/999999999999/CloudTrail/${day}/${file}`],
  ['of an organization', `AWSLogs/o-exampleorgid/999999999999/CloudTrail/${day}/${file}`],
  ['of an organization, below a prefix', `p/AWSLogs/o-exampleorgid/999999999999/CloudTrail/${day}/${file}`],
])('passes on a log file %s', (_, key) => {
  expect(matches(created(key))).toBe(true);
});

test.each([
  [
    'a digest',
    `AWSLogs/999999999999/CloudTrail-Digest/${day}/${file.replace('_CloudTrail_', '_CloudTrail-Digest_')}`,
  ],
  [
    'Insights',
    `AWSLogs/999999999999/CloudTrail-Insight/${day}/${file.replace('_CloudTrail_', '_CloudTrail-Insight_')}`,
  ],
  ['network activity', `AWSLogs/999999999999/CloudTrail-NetworkActivity/${day}/${file}`],
  ['aggregates', `p/AWSLogs/o-exampleorgid/999999999999/CloudTrail-Aggregated/${day}/${file}`],
  ['Config', `AWSLogs/999999999999/Config/${day}/999999999999_Config_us-east-1.json.gz`],
  ['the folder CloudTrail makes', 'AWSLogs/999999999999/CloudTrail/'],
  ['an uncompressed file', `AWSLogs/999999999999/CloudTrail/${day}/x.json`],
  ['a file elsewhere', `exports/CloudTrail/${file}`],
])('leaves out %s', (_, key) => {
  expect(matches(created(key))).toBe(false);
});

test('leaves out other buckets and other events', () => {
  // Given
  const key = `AWSLogs/999999999999/CloudTrail/${day}/${file}`;
  // Then
  expect(matches(created(key, 'another'))).toBe(false);
  expect(matches({ ...created(key), 'detail-type': 'Object Deleted' })).toBe(false);
  expect(matches({ ...created(key), source: 'custom' })).toBe(false);
});

describe('the rule on digests', () => {
  const digests = compilePattern(digestCreated(bucket));
  const digest = `999999999999_CloudTrail-Digest_us-east-1_trail_us-east-1_20160405T204501Z.json.gz`;

  test.each([
    ['an account’s', `AWSLogs/999999999999/CloudTrail-Digest/${day}/${digest}`],
    [
      'below a prefix, of an organization',
      `p/AWSLogs/o-exampleorgid/999999999999/CloudTrail-Digest/${day}/${digest}`,
    ],
    [
      'a backfill',
      `AWSLogs/999999999999/CloudTrail-Digest/${day}/${digest.replace('.json', '_backfill.json')}`,
    ],
  ])('passes on %s', (_, key) => {
    expect([digests(created(key)), matches(created(key))]).toEqual([true, false]);
  });

  test('leaves out log files', () => {
    expect(digests(created(`AWSLogs/999999999999/CloudTrail/${day}/${file}`))).toBe(false);
  });
});
