import { dayFolders, digestLocation } from '../../../core/digests/digest-key.ts';
import { compactMillis } from '../../../core/records/times.ts';

const folder = 'AWSLogs/111122223333/CloudTrail-Digest/us-east-2/';
const key = `${folder}2015/08/17/111122223333_CloudTrail-Digest_us-east-2_your-trail-name_us-east-2_20150817T150131Z.json.gz`;

test('a digest’s key tells account, region, trail and end, as in AWS’s sample', () => {
  expect(digestLocation(key)).toEqual({
    folder,
    account: '111122223333',
    region: 'us-east-2',
    trail: 'your-trail-name',
    home: 'us-east-2',
    time: '20150817T150131Z',
    backfill: false,
  });
});

test.each([
  ['below a prefix', `logs/${key}`, { folder: `logs/${folder}` }],
  ['of an organization', key.replace('AWSLogs/', 'AWSLogs/o-exampleorgid/'), { account: '111122223333' }],
  ['a backfill', key.replace('.json.gz', '_backfill.json.gz'), { backfill: true, time: '20150817T150131Z' }],
  [
    'of a trail made elsewhere',
    key.replace('name_us-east-2', 'name_eu-west-1'),
    { region: 'us-east-2', home: 'eu-west-1' },
  ],
  [
    'of a trail with a name of many parts',
    key.replace('your-trail-name', 'a_b.c-us-east-1_d'),
    { trail: 'a_b.c-us-east-1_d' },
  ],
])('%s', (_, name, expected) => {
  expect(digestLocation(name)).toMatchObject(expected);
});

test.each([
  [
    'a log file',
    'AWSLogs/111122223333/CloudTrail/us-east-2/2015/08/17/111122223333_CloudTrail_us-east-2_20150817T1500Z_x.json.gz',
  ],
  ['folder and name of two accounts', key.replace('/111122223333_', '/999999999999_')],
  ['folder and name of two regions', key.replace('Digest_us-east-2', 'Digest_us-east-1')],
  ['no time', key.replace('20150817T150131Z', 'today')],
  ['a file beside it', `${key}.head`],
])('%s is not a digest’s key', (_, name) => {
  expect(digestLocation(name)).toBeNull();
});

test('days are listed from the first to the last, over the end of a month', () => {
  expect(
    dayFolders({ folder: 'f/' }, compactMillis('20240228T235900Z'), compactMillis('20240301T000000Z')),
  ).toEqual(['f/2024/02/28/', 'f/2024/02/29/', 'f/2024/03/01/']);
});
