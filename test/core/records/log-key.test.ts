import { isLogKey, isTrailKey, logKeyParts } from '../../../core/records/log-key.ts';

const log =
  'AWSLogs/999999999999/CloudTrail/us-east-1/2016/04/05/999999999999_CloudTrail_us-east-1_20160405T2045Z_Ab1.json.gz';

describe('keys of a trail bucket', () => {
  test.each([
    [log, true, true],
    [`some/prefix/${log}`, true, true],
    [log.replace('AWSLogs/', 'AWSLogs/o-exampleorgid/'), true, true],
    [log.replaceAll('us-east-1', 'us-gov-west-1'), true, true],
    [log.replaceAll('us-east-1', 'cn-northwest-1'), true, true],
    [`some/prefix/${log.replace('AWSLogs/', 'AWSLogs/o-exampleorgid/')}`, true, true],
    // Control Tower's prefix is the organization's id.
    [`o-exampleorgid/${log.replace('AWSLogs/', 'AWSLogs/o-exampleorgid/')}`, true, true],
    [log.replace('AWSLogs/', 'AWSLogs/exampleorgid/'), false, true],
    [log.replace('AWSLogs/', 'notAWSLogs/'), false, true],
    [log.replace('.json.gz', '.json'), false, true],
    [log.replace('2016/04/05', '2016/04'), false, true],
    [log.replaceAll('CloudTrail', 'CloudTrail-Digest'), false, false],
    [log.replaceAll('CloudTrail', 'CloudTrail-Insight'), false, false],
    [log.replaceAll('CloudTrail', 'CloudTrail-NetworkActivity'), false, false],
    [log.replaceAll('CloudTrail', 'CloudTrail-Aggregated'), false, false],
    ['exports/incident 42/records+1.json', false, true],
    ['CloudTrail/218007301253_CloudTrail_us-east-1_20230710T1240Z_C1q.json.gz', false, true],
    ['AWSLogs/999999999999/CloudTrail/', false, false],
    ['AWSLogs/999999999999/vpcflowlogs/us-east-1/2016/04/05/x.log.gz', false, false],
  ])('%s: of a trail %s, may hold records %s', (key, ofTrail, mayHold) => {
    expect([isTrailKey(key), isLogKey(key)]).toEqual([ofTrail, mayHold]);
  });

  test('a name tells account, region and time', () => {
    expect(logKeyParts(log)).toEqual({
      account: '999999999999',
      region: 'us-east-1',
      time: '20160405T2045Z',
    });
    expect(logKeyParts('exports/records.json')).toBeNull();
  });
});
