import { code, uuid } from './ids.ts';

export type Json = Record<string, unknown>;

/** A CloudTrail record (CloudTrail guide, record contents), as far as the samples' builders and tests look at it. */
export interface CloudTrailRecord extends Json {
  eventVersion: string;
  eventTime: string;
  eventSource: string;
  eventName: string;
  eventID: string;
}

/** Who makes a call, from where: what `userIdentity`, `sourceIPAddress` and `userAgent` will say. */
export interface Actor {
  identity: Json;
  ip: string;
  agent: string;
}

export interface Resource {
  accountId?: string;
  type: string;
  ARN: string;
}

export interface CallOptions {
  request?: Json | null;
  response?: Json | null;
  /** errorCode and errorMessage of a call that was refused */
  error?: [code: string, message: string];
  region?: string;
  resources?: Resource[];
  /** a data event (S3 objects), not a management event */
  data?: boolean;
  /** the account whose trail holds this copy; the production account by default */
  recipient?: string;
  /** host the client named; false for calls made by services, which have no TLS details */
  host?: string | false;
  sharedEventID?: string;
}

// Versions as the services write them today: several live side by side in one log file.
const versions: Record<string, string> = { sts: '1.08', iam: '1.10', ec2: '1.10', kms: '1.11', s3: '1.11' };

/**
 * One record. `name` is unique in its story and decides the eventID; `time` is ISO 8601; `service` is the first part of
 * eventSource. Fields stand in the order CloudTrail writes them.
 */
export function call(
  name: string,
  time: string,
  actor: Actor,
  service: string,
  eventName: string,
  options: CallOptions = {},
): CloudTrailRecord {
  const { region = 'us-east-1', recipient = '999999999999', error, data = false } = options;
  const host = options.host ?? `${service}.${region}.amazonaws.com`;
  return {
    eventVersion: versions[service] ?? '1.09',
    userIdentity: actor.identity,
    eventTime: time,
    eventSource: `${service}.amazonaws.com`,
    eventName,
    awsRegion: region,
    sourceIPAddress: actor.ip,
    userAgent: service === 's3' && host ? `[${actor.agent}]` : actor.agent,
    ...(error && { errorCode: error[0], errorMessage: error[1] }),
    requestParameters: options.request ?? null,
    responseElements: options.response ?? null,
    ...(service === 's3' && { additionalEventData: s3Details(name) }),
    requestID: service === 's3' ? code(name, 16) : uuid(`request ${options.sharedEventID ?? name}`),
    eventID: uuid(name),
    readOnly: /^(Get|List|Describe|Head|Lookup|Assume|Decrypt|GenerateDataKey)/.test(eventName),
    ...(options.resources && { resources: options.resources }),
    eventType: 'AwsApiCall',
    managementEvent: !data,
    recipientAccountId: recipient,
    ...(options.sharedEventID && { sharedEventID: options.sharedEventID }),
    eventCategory: data ? 'Data' : 'Management',
    ...(host && { tlsDetails: tls(host) }),
  };
}

function s3Details(name: string): Json {
  return {
    SignatureVersion: 'SigV4',
    CipherSuite: 'TLS_AES_128_GCM_SHA256',
    bytesTransferredIn: 0,
    AuthenticationMethod: 'AuthHeader',
    'x-amz-id-2': `EXAMPLE${code(`id-2 ${name}`, 40)}=`,
    bytesTransferredOut: 0,
  };
}

function tls(host: string): Json {
  return { tlsVersion: 'TLSv1.3', cipherSuite: 'TLS_AES_128_GCM_SHA256', clientProvidedHostHeader: host };
}
