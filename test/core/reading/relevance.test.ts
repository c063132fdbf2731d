import { AuditedRoles } from '../../../core/identities/roles.ts';
import { relevance } from '../../../core/reading/relevance.ts';

const call = {
  eventSource: 's3.amazonaws.com',
  eventName: 'ListBuckets',
  eventType: 'AwsApiCall',
  eventTime: '2026-09-17T07:01:00Z',
  userIdentity: {
    type: 'AssumedRole',
    arn: 'arn:aws:sts::999999999999:assumed-role/Any/s',
    accessKeyId: 'ASIAEXAMPLEEXAMPLE00',
  },
};
const everyRole = new AuditedRoles(['*']);
const kept = (record: object) => relevance(record as Record<string, unknown>, everyRole, 'trail') !== null;

test('a call through a VPC endpoint is counted once: its owner has a record of it, too', () => {
  expect([
    kept(call),
    kept({ ...call, eventType: 'AwsVpceEvent', eventCategory: 'NetworkActivity' }),
  ]).toEqual([true, false]);
});

test.each(['AwsCloudTrailInsight', 'AwsAggregatedEvent'])(
  'a record without name and caller is no broken call: %s',
  eventType => {
    expect(kept({ eventVersion: '1.0', eventId: 'x', eventType })).toBe(false);
  },
);
