import { createHash } from 'node:crypto';
import { join } from 'node:path';
import {
  deliveredAt,
  eventRecord,
  load,
  notifiedKeys,
  partnerRecords,
  readSample,
  samples,
  type TrailRecord,
} from './support.ts';

const keyPattern =
  /^AWSLogs\/(\d{12})\/CloudTrail\/([a-z0-9-]+)\/(\d{4})\/(\d\d)\/(\d\d)\/\1_CloudTrail_\2_\3\4\5T\d{4}Z_[A-Za-z0-9]{16}\.json\.gz$/;

// "Required: yes" in CloudTrail's record contents, but for userIdentity's fields, which depend on its type.
const required = ['eventTime', 'eventVersion', 'userIdentity', 'eventSource', 'eventName', 'awsRegion'];
const always = [...required, 'sourceIPAddress', 'userAgent', 'eventID', 'eventType', 'requestID'];

describe.each(['article', 'incident'])('the input of %s', name => {
  const sample = load(name);
  const events = [...sample.messages.values()].map(eventRecord).filter(record => record !== null);
  const logged = [...sample.logs].flatMap(([key, records]) => records.map(record => ({ key, record })));
  const all: TrailRecord[] = [...logged.map(({ record }) => record), ...events];

  test('has log files under the names CloudTrail gives them', () => {
    // Then
    expect(sample.logs.size).toBeGreaterThan(0);
    for (const key of sample.logs.keys()) expect(key).toMatch(keyPattern);
  });

  test('has every field CloudTrail always writes', () => {
    // Then
    for (const record of all) {
      expect(always.filter(field => record[field] === undefined)).toEqual([]);
      expect(record).toHaveProperty('requestParameters');
      expect(record).toHaveProperty('responseElements');
    }
  });

  test('has times, versions and ids in the form CloudTrail writes', () => {
    // Then
    for (const { eventTime, eventID, eventVersion, eventSource } of all) {
      expect(eventTime).toBe(new Date(eventTime).toISOString().replace('.000', ''));
      expect(eventID).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/);
      expect(eventVersion).toMatch(/^1\.(0\d|1[01])$/);
      expect(eventSource).toMatch(/^[a-z0-9]+\.amazonaws\.com$/);
    }
  });

  test('delivers no record before it happened, and in the file of its region and account', () => {
    // Then
    for (const { key, record } of logged) {
      const minute = record.eventTime.replaceAll(/[-:]/g, '').slice(0, 13);
      expect(`${minute}Z` <= deliveredAt(key)).toBe(true);
      expect(key).toContain(`/CloudTrail/${record.awsRegion}/`);
      expect(key).toContain(`/${record.recipientAccountId}_`);
    }
  });

  test('notifies of objects with the size and ETag they have', () => {
    // Given
    const files = readSample(join(samples, name));
    const told = [...sample.messages.values()].flatMap(message => {
      const { Records = [], detail } = message as {
        Records?: { s3: { object: { key: string; size: number; eTag: string } } }[];
        detail?: { object?: { key: string; size: number; etag: string } };
      };
      const classic = Records.map(({ s3: { object } }) => ({ ...object, etag: object.eTag }));
      return [...classic, ...(detail?.object ? [detail.object] : [])];
    });
    // Then
    for (const { key, size, etag } of told) {
      const bytes = files.get(`input/${key}`);
      if (!bytes) {
        expect(key).toMatch(/\/CloudTrail-(Digest|Insight)\//);
        continue;
      }
      expect(size).toBe(bytes.length);
      expect(etag).toBe(createHash('md5').update(bytes).digest('hex'));
    }
  });

  test("wraps partners' events in the envelope of their own account's topic", () => {
    // Given
    const envelopes = [...sample.messages.values()].filter(message => message.Type === 'Notification');
    // Then
    expect(envelopes.length).toBeGreaterThan(0);
    for (const envelope of envelopes) {
      const event = JSON.parse(String(envelope.Message));
      const { region, account, detail } = event;
      expect(envelope.TopicArn).toBe(`arn:aws:sns:${region}:${account}:roletrail-assume-role`);
      expect(detail.eventName).toBe('AssumeRole');
      expect(account).toMatch(/^(111111111111|222233334444)$/);
    }
  });
});

describe('the ids of the incident', () => {
  const sample = load('incident');
  const logged = [...sample.logs.values()].flat();

  test('are unique, but for the three events that occur in two files', () => {
    // Given
    const seen = new Map<string, TrailRecord[]>();
    for (const record of logged) seen.set(record.eventID, [...(seen.get(record.eventID) ?? []), record]);
    const repeated = [...seen.values()].filter(copies => copies.length > 1);
    // Then
    expect(repeated.map(copies => copies.length)).toEqual([2, 2, 2]);
    for (const [first, second] of repeated) expect(second).toEqual(first);
  });

  test('are shared by the two copies of a cross-account AssumeRole, whose event ids differ', () => {
    // Given
    const partners = partnerRecords(sample);
    // Then
    expect(partners).toHaveLength(4);
    for (const copy of partners) {
      const own = logged.filter(({ sharedEventID }) => sharedEventID === copy.sharedEventID);
      expect(own.length).toBeGreaterThan(0);
      for (const record of own) {
        expect(record.userIdentity.type).toBe('AWSAccount');
        expect(record.userIdentity).not.toHaveProperty('arn');
        expect(record.eventID).not.toBe(copy.eventID);
        expect(record.requestID).toBe(copy.requestID);
        expect(record.responseElements).toEqual(copy.responseElements);
      }
    }
  });

  test('of keys and tokens are plainly examples, and each key is one session', () => {
    // Given
    const sessions = new Map<string, Set<string | undefined>>();
    for (const {
      userIdentity: { accessKeyId, arn },
    } of logged) {
      if (accessKeyId) sessions.set(accessKeyId, (sessions.get(accessKeyId) ?? new Set()).add(arn));
    }
    const credentials = logged.flatMap(({ responseElements }) => responseElements?.credentials ?? []);
    // Then
    for (const [key, arns] of sessions) {
      expect(key).toMatch(/^(ASIA|AKIA)EXAMPLE[A-Z0-9]{9}$/);
      expect(arns.size).toBe(1);
    }
    for (const { sessionToken } of credentials)
      expect(sessionToken).toMatch(/^IQoJb3JpZ2luX2VjEXAMPLE.{1,40}$/);
  });

  test('in notifications are of log files that are there, or of a digest and an Insight file', () => {
    // Given
    const keys = [...sample.messages.values()].flatMap(notifiedKeys);
    // When
    const [there, elsewhere] = [true, false].map(is => keys.filter(key => sample.logs.has(key) === is));
    // Then
    expect(there).toHaveLength(4);
    expect(elsewhere?.map(key => key.split('/')[2])).toEqual(['CloudTrail-Digest', 'CloudTrail-Insight']);
  });
});
