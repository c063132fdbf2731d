import { etag, type LogFile, logBytes } from '../../building/log-file.ts';
import {
  cloudTrailNotice,
  eventBridgeEvent,
  objectCreated,
  type StoredObject,
  s3Notification,
  snsEnvelope,
} from '../../building/message.ts';
import type { CloudTrailRecord, Json } from '../../building/record.ts';
import { at, development, msp, production } from './cast.ts';
import { firstSight, night, onCall, report } from './deliveries.ts';
import { alicePartnersCopy, ticketPartnersCopy } from './partners.ts';
import { mreyesPartnersCopy, secondHop } from './reconnaissance.ts';

const bucket = 'cloudtrailbucket';

function fromPartner(name: string, account: string, record: CloudTrailRecord, published: string): Json {
  const topic = `arn:aws:sns:${record.awsRegion}:${account}:roletrail-assume-role`;
  return snsEnvelope(name, topic, eventBridgeEvent(account, record), published);
}

function stored(file: LogFile): StoredObject {
  const bytes = logBytes(file);
  const time = file.delivered.replace('Z', ':07Z');
  return { bucket, key: file.key, size: bytes.length, etag: etag(bytes), time };
}

// Neither is a log file: a notification of the whole bucket speaks of them all the same.
const noLogFile = (kind: string, name: string): StoredObject => ({
  bucket,
  key: `AWSLogs/${production}/CloudTrail-${kind}/us-east-1/2025/03/11/${production}_CloudTrail-${kind}_us-east-1_${name}.json.gz`,
  size: 812,
  etag: '0123456789abcdef0123456789abcdef',
  time: at('10:15:31'),
});

/** What the queues held, by file name: delivered in this order, after the log files. */
export const messages: Record<string, Json> = {
  '01-development-assume-role-mreyes.json': fromPartner(
    'mreyes',
    development,
    mreyesPartnersCopy,
    at('09:14:02'),
  ),
  '02-development-assume-role-alice.json': fromPartner(
    'alice',
    development,
    alicePartnersCopy,
    at('08:32:20'),
  ),
  '03-msp-assume-role-ticket.json': fromPartner('ticket', msp, ticketPartnersCopy, at('07:57:01')),
  '04-development-assume-role-mreyes-again.json': fromPartner(
    'mreyes again',
    development,
    mreyesPartnersCopy,
    at('09:14:33'),
  ),
  '05-production-assume-role.json': eventBridgeEvent(production, secondHop),
  '06-log-file-again-s3.json': s3Notification([stored(firstSight)]),
  '07-log-file-again-eventbridge.json': objectCreated(production, stored(onCall)),
  '08-log-files-again-cloudtrail.json': cloudTrailNotice(bucket, [night.key, report.key]),
  '09-no-log-files.json': s3Notification([
    noLogFile('Digest', 'production-trail_us-east-1_20250311T101530Z'),
    noLogFile('Insight', '20250311T1015Z_EXAMPLEinsight01'),
  ]),
  '10-s3-test-event.json': {
    Service: 'Amazon S3',
    Event: 's3:TestEvent',
    Time: '2025-03-11T00:00:00.000Z',
    Bucket: bucket,
    RequestId: 'EXAMPLE123456789',
    HostId: 'EXAMPLE/host+id=',
  },
};
