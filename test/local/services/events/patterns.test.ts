import { compilePattern } from '../../../../local/services/events/patterns.ts';

const event = {
  source: 'aws.s3',
  'detail-type': 'Object Created',
  detail: {
    bucket: { name: 'trail' },
    object: { key: 'AWSLogs/111122223333/CloudTrail/eu-west-1/a.json.gz', size: 300 },
    tags: ['a', 'b'],
    version: null,
  },
};
const key = (matcher: unknown) => ({ detail: { object: { key: [matcher] } } });
const size = (matcher: unknown) => ({ detail: { object: { size: [matcher] } } });

test.each([
  ['exact', { source: ['aws.ec2', 'aws.s3'] }, true],
  ['exact, other', { source: ['aws.ec2'] }, false],
  ['a field that is absent', { account: ['1'] }, false],
  ['null', { detail: { version: [null] } }, true],
  ['a number is not text', size('300'), false],
  ['a number', size(300), true],
  ['one of a list in the event', { detail: { tags: ['b', 'c'] } }, true],
  ['prefix', key({ prefix: 'AWSLogs/' }), true],
  ['prefix, ignoring case', key({ prefix: { 'equals-ignore-case': 'awslogs/' } }), true],
  ['suffix', key({ suffix: '.gz' }), true],
  ['suffix, other', key({ suffix: '.json' }), false],
  ['wildcard', key({ wildcard: 'AWSLogs/*/CloudTrail/*.json.gz' }), true],
  ['wildcard takes a dot literally', key({ wildcard: 'AWSLogs/*_json.gz' }), false],
  ['wildcard, escaped star', key({ wildcard: 'AWSLogs/\\*' }), false],
  ['equals-ignore-case', { source: [{ 'equals-ignore-case': 'AWS.S3' }] }, true],
  ['anything-but', { source: [{ 'anything-but': 'aws.s3' }] }, false],
  ['anything-but a list', { source: [{ 'anything-but': ['a', 'b'] }] }, true],
  ['anything-but prefix', key({ 'anything-but': { prefix: 'AWSLogs' } }), false],
  ['anything-but wildcard', key({ 'anything-but': { wildcard: '*/CloudTrail-Digest/*' } }), true],
  ['anything-but wants the field', { account: [{ 'anything-but': 'x' }] }, false],
  ['exists', key({ exists: true }), true],
  ['exists not', { account: [{ exists: false }] }, true],
  ['exists is about leaves', { detail: { bucket: [{ exists: true }] } }, false],
  ['numeric range', size({ numeric: ['>', 0, '<=', 300] }), true],
  ['numeric, outside', size({ numeric: ['<', 300] }), false],
  ['$or', { $or: [{ source: ['x'] }, key({ suffix: '.gz' })] }, true],
  ['$or, none', { $or: [{ source: ['x'] }, key({ suffix: '.txt' })] }, false],
  ['$or beside another field', { source: ['x'], $or: [{ 'detail-type': ['Object Created'] }] }, false],
])('%s: %j', (_, pattern, expected) => {
  expect(compilePattern(pattern)(event)).toBe(expected);
});

test.each([
  [key({ cidr: '10.0.0.0/8' }), 'detail.object.key: {"cidr":"10.0.0.0/8"}'],
  [key({ prefix: 'a', suffix: 'b' }), 'detail.object.key'],
  [key({ 'anything-but': { cidr: 'x' } }), 'anything-but'],
  [size({ numeric: ['~', 1] }), 'numeric'],
  [{ source: 'aws.s3' }, 'source'],
  [{ source: [] }, 'source'],
])('%j is refused by name', (pattern, message) => {
  expect(() => compilePattern(pattern)).toThrow(message);
});
