import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { type Files, inputPaths } from '../../samples/building/input.ts';

export const samples = join(import.meta.dirname, '../../samples');

/** A sample as it is committed. Throws when a file is not there. */
export function readSample(folder: string): Files {
  const paths = [...inputPaths(folder), 'expected.json'];
  return new Map(paths.map(path => [path, readFileSync(join(folder, path))]));
}

export interface Identity {
  type?: string;
  arn?: string;
  accessKeyId?: string;
  principalId?: string;
  invokedBy?: string;
  invokedByDelegate?: { accountId: string };
  onBehalfOf?: { userId: string };
  sessionContext?: { sessionIssuer?: { arn?: string }; attributes?: { creationDate?: string } };
}

export interface TrailRecord {
  eventVersion: string;
  userIdentity: Identity;
  eventTime: string;
  eventSource: string;
  eventName: string;
  eventID: string;
  errorCode?: string;
  errorMessage?: string;
  awsRegion: string;
  recipientAccountId?: string;
  sharedEventID?: string;
  requestParameters: Record<string, unknown> | null;
  responseElements: {
    credentials?: { accessKeyId: string; sessionToken: string; expiration: string };
    assumedRoleUser?: { assumedRoleId: string };
  } | null;
  additionalEventData?: { SwitchFrom?: string };
  [field: string]: unknown;
}

export interface ExpectedCall {
  eventID: string;
  name: string;
  status: string;
  hop?: true;
  issuerEventIDs: string[];
  depth: number;
  chain: string[][];
  origin: Record<string, string> | null;
}

export interface Expected {
  calls: ExpectedCall[];
  sessions: {
    accessKeyId: string | null;
    sessionName: string;
    status: string;
    calls: number;
    flags: string[];
    origin: Record<string, string> | null;
  }[];
  summary: Record<string, number>;
  denied: string[];
  absent: string[];
}

/** One thing that is delivered: a log file once more, or an event on its own. */
export interface Delivery {
  from: string;
  records: TrailRecord[];
}

export interface Sample {
  /** log files by object key, in the order they are delivered: by the time in their name */
  logs: Map<string, TrailRecord[]>;
  /** by file name */
  messages: Map<string, Record<string, unknown>>;
  expected: Expected;
}

export function load(name: string): Sample {
  const files = [...readSample(join(samples, name))];
  const logs = files
    .filter(([path]) => path.startsWith('input/AWSLogs/'))
    .map(([path, bytes]): [string, TrailRecord[]] => [
      path.replace('input/', ''),
      JSON.parse(gunzipSync(bytes).toString()).Records,
    ])
    .sort(([a], [b]) => deliveredAt(a).localeCompare(deliveredAt(b)));
  const messages = files
    .filter(([path]) => path.startsWith('input/messages/'))
    .map(([path, bytes]): [string, Record<string, unknown>] => [
      path.replace('input/messages/', ''),
      JSON.parse(bytes.toString()),
    ]);
  const expected = JSON.parse(readFileSync(join(samples, name, 'expected.json'), 'utf8'));
  return { logs: new Map(logs), messages: new Map(messages), expected };
}

/** `20250311T0925Z` of a log file's key. */
export function deliveredAt(key: string): string {
  const [time] = /\d{8}T\d{4}Z/.exec(key) ?? [];
  if (!time) throw new Error(`no time in ${key}`);
  return time;
}

/** The record an EventBridge event carries, in an envelope of SNS or bare; null for other messages. */
export function eventRecord(message: Record<string, unknown>): TrailRecord | null {
  const event = typeof message.Message === 'string' ? JSON.parse(message.Message) : message;
  return event['detail-type'] === 'AWS API Call via CloudTrail' ? event.detail : null;
}

/** The records that partners sent: all events but those of the production account itself. */
export function partnerRecords({ messages }: Sample): TrailRecord[] {
  return [...messages.values()]
    .map(eventRecord)
    .filter(record => record !== null)
    .filter(record => record.recipientAccountId !== '999999999999');
}

/** The object keys a notification speaks of, decoded; empty for other messages. */
export function notifiedKeys(message: Record<string, unknown>): string[] {
  const { Records, s3ObjectKey, detail } = message as {
    Records?: { s3: { object: { key: string } } }[];
    s3ObjectKey?: string[];
    detail?: { object?: { key: string } };
  };
  const classic = (Records ?? []).map(({ s3 }) => decodeURIComponent(s3.object.key.replaceAll('+', ' ')));
  const literal = detail?.object ? [detail.object.key] : [];
  return [...classic, ...literal, ...(s3ObjectKey ?? [])];
}

/** Everything the sample delivers, in order; a notification of a log file delivers the file again. */
export function deliveries({ logs, messages }: Sample): Delivery[] {
  const all: Delivery[] = [...logs].map(([from, records]) => ({ from, records }));
  for (const [from, message] of messages) {
    const record = eventRecord(message);
    if (record) all.push({ from, records: [record] });
    for (const key of notifiedKeys(message)) {
      const records = logs.get(key);
      if (records) all.push({ from, records });
    }
  }
  return all;
}

export const auditedRoles: string[] = JSON.parse(
  readFileSync(join(samples, 'roletrail.json'), 'utf8'),
).auditedRoles;

/** Made under an audited role? Read off the record's own words, not with the product's code. */
export function underAuditedRole(record: TrailRecord): boolean {
  const issuer = record.userIdentity.sessionContext?.sessionIssuer?.arn;
  return issuer !== undefined && auditedRoles.includes(issuer);
}

export function isIssuance(record: TrailRecord): boolean {
  return record.eventSource === 'sts.amazonaws.com' && record.responseElements?.credentials !== undefined;
}

/** At the console a role is switched to without a key being shown. */
export function isSwitch(record: TrailRecord): boolean {
  return record.eventSource === 'signin.amazonaws.com' && record.eventName === 'SwitchRole';
}

/** Identity Center says whom it handed a permission set's keys to; it shows none of them. */
export function isGrant(record: TrailRecord): boolean {
  return record.eventSource === 'sso.amazonaws.com' && record.eventName === 'GetRoleCredentials';
}

/** Keys that no record issues: Identity Center's, and those of a service that acts for its caller. */
function isFreshKey({ userIdentity }: TrailRecord): boolean {
  const role = userIdentity.sessionContext?.sessionIssuer?.arn;
  return userIdentity.invokedBy !== undefined || role?.includes('/aws-reserved/sso.amazonaws.com/') === true;
}

/** The console marks what it signs with a fresh key. */
export function isFromConsole(record: TrailRecord): boolean {
  return record.sessionCredentialFromConsole === 'true';
}

/**
 * The records that handed out what this call was made with: by key and life, at the console and with fresh keys by principal
 * and second. A product provider has its access from another hand, whatever session it shows.
 */
export function issuancesOf(call: TrailRecord, delivered: readonly TrailRecord[]): TrailRecord[] {
  const { accessKeyId, arn, principalId, sessionContext, invokedByDelegate } = call.userIdentity;
  const created = sessionContext?.attributes?.creationDate;
  if (invokedByDelegate) return [];
  if (isFromConsole(call)) {
    return delivered.filter(
      record => isSwitch(record) && record.userIdentity.arn === arn && record.eventTime === created,
    );
  }
  if (isFreshKey(call)) {
    return delivered.filter(
      record =>
        isIssuance(record) &&
        record.responseElements?.assumedRoleUser?.assumedRoleId === principalId &&
        record.eventTime === created,
    );
  }
  return delivered.filter(record => {
    const { credentials } = record.responseElements ?? {};
    return (
      isIssuance(record) &&
      credentials?.accessKeyId === accessKeyId &&
      Date.parse(call.eventTime) <= Date.parse(`${credentials?.expiration} UTC`)
    );
  });
}

export function isDeniedAttempt(record: TrailRecord): boolean {
  return (
    record.eventName === 'AssumeRole' &&
    record.errorCode === 'AccessDenied' &&
    auditedRoles.some(role => record.errorMessage?.endsWith(` on resource: ${role}`))
  );
}

/** Calls under audited roles, what hands credentials out, refused attempts at audited roles: what is evidence. */
export function isKept(record: TrailRecord): boolean {
  const handsOut = isIssuance(record) || isSwitch(record) || isGrant(record);
  return underAuditedRole(record) || handsOut || isDeniedAttempt(record);
}
