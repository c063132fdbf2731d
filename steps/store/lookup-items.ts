import { sha256 } from '../../core/hash.ts';
import type { ListedRecord } from '../../core/linking/listed.ts';
import { placeOfResource } from '../../core/resources/filed.ts';
import type { Access, Resource, Source } from '../../core/resources/resource.ts';
import { AuditError } from '../runtime/errors.ts';
import { binary, type Item, strings, text } from './attributes.ts';
import { deflateText, inflateText } from './compact.ts';

/** `2025-03-11`, and `2025-03-11T09`: the beginnings of a time that days and hours are named by. */
export const dayLength = 10;
export const hourLength = 13;

/** Where the days are listed that have calls. */
export const daysPlace = 'days';

export function callsPlace(day: string): string {
  return `calls#${day}`;
}

/** Bytes of a name that stand in a key as they are; longer ones are hashed: a key has 2,048 (DynamoDB guide). */
const mostBytes = 256;

function filedUnder(kind: 'resource' | 'address', name: string): string {
  return `${kind}#${Buffer.byteLength(name) <= mostBytes ? name : sha256(name)}`;
}

/** `place`: as core/resources/filed.ts names it */
export function resourcePlace(place: string): string {
  return filedUnder('resource', place);
}

export function addressPlace(address: string): string {
  return filedUnder('address', address.trim().toLowerCase());
}

/** The items that lead to the hour of a record: by what it touched, where it came from, and its day. */
export function* leadsTo({ eventTime, sourceIPAddress, touched }: ListedRecord): Generator<Item> {
  const hour = eventTime.slice(0, hourLength);
  yield strings({ place: daysPlace, item: eventTime.slice(0, dayLength) });
  if (sourceIPAddress) yield strings({ place: addressPlace(sourceIPAddress), item: hour });
  const places = new Set(touched.resources.map(placeOfResource));
  for (const place of places) yield strings({ place: resourcePlace(place), item: hour });
}

/** What lists of calls repeat; part of the coding `l1`, and never changed. */
const dictionary =
  'AccessDenied","Client.UnauthorizedOperation","sts.amazonaws.com","iam.amazonaws.com","ec2.amazonaws.com","dynamodb.amazonaws.com","kms.amazonaws.com","s3.amazonaws.com","Describe","List","Get","AssumeRole","us-east-1","aws-cli/2.17.0 Python/3.11 Linux/5.10 Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)","APN/1.0 HashiCorp/1.0 Terraform/1.7 (+https://www.terraform.io)","Boto3/1.34 md/Botocore","aws-sdk-java/2.25","arn:aws:dynamodb:us-east-1:table/","arn:aws:kms:us-east-1:key/","arn:aws:iam::role/","arn:aws:s3:::","AWS::KMS::Key","AWS::IAM::Role","AWS::S3::Object","AWS::S3::Bucket","permission",null,null,0,[]],"write","read",[],';

/** Records of one hour in one file as an item: named by its content, so that the same records make the same item. */
export function segmentItem(records: readonly ListedRecord[]): Item {
  const time = records[0]?.eventTime ?? '';
  const json = JSON.stringify(records.map(stored));
  const item = `${time.slice(dayLength + 1, hourLength)}#${sha256(json).slice(0, 16)}`;
  return {
    ...strings({ place: callsPlace(time.slice(0, dayLength)), item, coding: 'l1' }),
    calls: { B: deflateText(json, [dictionary, '']) },
  };
}

/** The records of a segment. Throws AuditError `BrokenItem` for a coding this version does not know. */
export function recordsIn(item: Item): ListedRecord[] {
  if (text(item, 'coding') !== 'l1')
    throw new AuditError('BrokenItem', `calls in the unknown coding "${text(item, 'coding')}"`);
  const hour = `${text(item, 'place').slice(-dayLength)}T${text(item, 'item').slice(0, 2)}`;
  const all = JSON.parse(inflateText(binary(item, 'calls'), [dictionary, ''])) as Stored[];
  return all.map(each => restored(each, hour));
}

/** The hour is the segment's; the settings of a call stand side by side, where deflate finds them again. */
type Stored = [
  eventID: string,
  minute: string,
  eventName: string,
  eventSource: string,
  awsRegion: string | null,
  recipientAccountId: string,
  credential: string | null,
  use: string,
  sourceIPAddress: string | null,
  agent: string | null,
  errorCode: string | null,
  request: string | null,
  amends: string | null,
  access: Access,
  resources: [id: string, type: string, name: string, account: string | null, from: Source][],
  more: number,
  keyless: 0 | 1,
];

function stored(record: ListedRecord): Stored {
  const { access, resources, more } = record.touched;
  return [
    record.eventID,
    record.eventTime.slice(hourLength),
    record.eventName,
    record.eventSource,
    record.awsRegion,
    record.recipientAccountId,
    record.credential,
    record.use,
    record.sourceIPAddress,
    record.agent,
    record.errorCode,
    record.request,
    record.amends,
    access,
    resources.map(({ id, type, name, account, from }) => [id, type, name, account, from]),
    more,
    record.keyless ? 1 : 0,
  ];
}

function restored(values: Stored, hour: string): ListedRecord {
  const [eventID, minute, eventName, eventSource, awsRegion, recipientAccountId, credential, use] = values;
  const [, , , , , , , , sourceIPAddress, agent, errorCode, request, amends, access, filed, more, keyless] =
    values;
  const resources = filed.map(
    ([id, type, name, account, from]): Resource => ({ id, type, name, account, from }),
  );
  return {
    ...{ eventID, recipientAccountId, provenance: 'trail', eventTime: hour + minute, eventName, eventSource },
    ...{ awsRegion, errorCode, sourceIPAddress, agent, use, request, amends, credential },
    touched: { access, resources, more },
    keyless: keyless === 1,
  };
}
