import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { AuditedRoles } from '../../../core/identities/roles.ts';
import type { AuditEvent } from '../../../core/records/event.ts';
import { snsEnvelope } from '../../../samples/building/message.ts';
import { type Logged, normalized, recordOf } from '../../core/linking/logged.ts';

import { stranger } from './forged-event.ts';

type Record_ = Record<string, unknown>;

const roles = new AuditedRoles(['*']);
const region = 'us-east-1';

/** A generated story as one of many in one cloud: the events, and what they were logged as. */
export interface ToldStory {
  events: AuditEvent[];
  logged: Logged[];
  /** an id of the generated story as it is here */
  idOf: (eventID: string) => string;
}

/**
 * The story with ids, keys and principals of its own. `n` below 100. What a record of CloudTrail has beside, it has too, so that it
 * goes the whole way.
 */
export function toldAs(n: number, events: readonly AuditEvent[]): ToldStory {
  const two = String(n).padStart(2, '0');
  const idOf = (eventID: string) => `story-${two}-${eventID}`;
  const logged = events.map(recordOf).map(({ record, from }) => {
    const text = JSON.stringify(record)
      .replaceAll(/"(eventID|sharedEventID|originalEventID)":"/g, `"$1":"${idOf('')}`)
      .replaceAll(/(ASIA(?:STORY|ISSUED|FRESH))00/g, `$1${two}`)
      .replaceAll(/(AROA|AIDA|AKIA)(?=[A-Z\d])/g, `$1${two}`);
    return { record: whole(JSON.parse(text)), from };
  });
  return { events: logged.map(({ record, from }) => normalized(record, from, roles)), logged, idOf };
}

function whole(record: Record_): Record_ {
  return {
    eventVersion: '1.08',
    awsRegion: region,
    sourceIPAddress: '198.51.100.7',
    userAgent: 'aws-cli/2.15.0',
    eventType: 'AwsApiCall',
    readOnly: true,
    ...record,
  };
}

/** What a partner logs, and sends, when a user of its own assumes a role of its own. */
export const ownIssuance: Record_ = whole({
  eventID: 'honest',
  eventName: 'AssumeRole',
  eventSource: 'sts.amazonaws.com',
  eventTime: '2025-06-02T10:00:00Z',
  recipientAccountId: stranger,
  userIdentity: {
    type: 'IAMUser',
    arn: `arn:aws:iam::${stranger}:user/own`,
    principalId: 'AIDAHONEST',
    accountId: stranger,
    accessKeyId: 'AKIAHONEST0000000001',
    userName: 'own',
  },
  requestParameters: { roleArn: `arn:aws:iam::${stranger}:role/Own`, roleSessionName: 'own' },
  responseElements: {
    credentials: { accessKeyId: 'ASIAHONEST0000000001', expiration: '2025-06-02T11:00:00Z' },
    assumedRoleUser: {
      assumedRoleId: 'AROAHONEST:own',
      arn: `arn:aws:sts::${stranger}:assumed-role/Own/own`,
    },
  },
});

/** Writes the stories as a trail delivers them, a file for each account and story, and partners' events as their topics do. */
export function writeStories(folder: string, stories: readonly ToldStory[]): void {
  const begun = new Set<string>();
  for (const [n, { logged }] of stories.entries()) {
    const own = logged.filter(({ from }) => from.provenance === 'trail');
    for (const [account, records] of Map.groupBy(own, ({ record }) => `${record.recipientAccountId}`)) {
      const day = dayOf(records[0]?.record);
      // The logs begin before any session does.
      if (!begun.has(account + day)) {
        write(folder, logKey(account, day, '0805', n), log([quiet(account, day)]));
      }
      begun.add(account + day);
      write(folder, logKey(account, day, '1005', n), log(records.map(({ record }) => record)));
    }
    for (const [at, { record, from }] of logged.entries()) {
      if (from.provenance === 'partner')
        writeMessage(folder, `50-story-${n}-${at}`, `${from.account}`, record);
    }
  }
}

/** Writes an event as a partner's topic delivers it; messages are delivered in the order of their names. */
export function writeMessage(folder: string, name: string, account: string, record: Record_): void {
  const time = `${record.eventTime}`;
  const event = {
    version: '0',
    id: name,
    'detail-type': 'AWS API Call via CloudTrail',
    source: 'aws.sts',
    account,
    time,
    region,
    resources: [],
    detail: record,
  };
  const topic = `arn:aws:sns:${region}:${account}:roletrail-assume-role`;
  write(folder, `messages/${name}.json`, JSON.stringify(snsEnvelope(name, topic, event, time)));
}

function quiet(account: string, day: string): Record_ {
  return whole({
    eventID: `quiet-${account}-${day}`,
    eventName: 'ListUsers',
    eventSource: 'iam.amazonaws.com',
    eventTime: `${day}T08:00:00Z`,
    recipientAccountId: account,
    userIdentity: { type: 'IAMUser', principalId: 'AIDAQUIET', accountId: account, accessKeyId: 'AKIAQUIET' },
  });
}

function dayOf(record: Record_ = {}): string {
  return `${record.eventTime}`.slice(0, 10);
}

function logKey(account: string, day: string, minute: string, n: number): string {
  const name = `${account}_CloudTrail_${region}_${day.replaceAll('-', '')}T${minute}Z_Story${String(n).padStart(11, '0')}`;
  return `AWSLogs/${account}/CloudTrail/${region}/${day.replaceAll('-', '/')}/${name}.json.gz`;
}

function log(records: readonly Record_[]): Buffer {
  return gzipSync(JSON.stringify({ Records: records }));
}

function write(folder: string, key: string, body: string | Buffer): void {
  const file = join(folder, key);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, body);
}
