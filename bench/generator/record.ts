import { account, region } from './accounts.ts';
import type { Random } from './random.ts';

export interface Call {
  userIdentity: object;
  eventSource: string;
  eventName: string;
  readOnly: boolean;
  requestParameters: object | null;
  responseElements?: object | null;
  errorCode?: string;
  errorMessage?: string;
  sourceIPAddress: string;
  userAgent: string;
  resources?: object[];
}

const endpoints = ['vpce-0a1b2c3d4e5f60718', 'vpce-0918273645f0e1d2c', 'vpce-00ff11ee22dd33cc4'] as const;

/** A management event in the order of fields CloudTrail writes (eventVersion 1.11). `time` in ms since 1970. */
export function recordText(call: Call, time: number, random: Random): string {
  const { userIdentity, eventSource, eventName, readOnly, requestParameters, resources } = call;
  const host = eventSource.replace('.amazonaws.com', `.${region}.amazonaws.com`);
  return JSON.stringify({
    eventVersion: '1.11',
    userIdentity,
    eventTime: isoTime(time),
    eventSource,
    eventName,
    awsRegion: region,
    sourceIPAddress: call.sourceIPAddress,
    userAgent: call.userAgent,
    errorCode: call.errorCode,
    errorMessage: call.errorMessage,
    requestParameters,
    responseElements: call.responseElements ?? null,
    additionalEventData: {
      SignatureVersion: 'SigV4',
      CipherSuite: 'TLS_AES_128_GCM_SHA256',
      bytesTransferredIn: random.between(0, 9999),
      AuthenticationMethod: 'AuthHeader',
      ...(eventSource.startsWith('s3.') ? { 'x-amz-id-2': random.id('', 76) } : {}),
      bytesTransferredOut: random.between(0, 99999),
    },
    requestID: random.uuid(),
    eventID: random.uuid(),
    readOnly,
    resources,
    eventType: 'AwsApiCall',
    managementEvent: true,
    recipientAccountId: account,
    vpcEndpointId: random.pick(endpoints),
    vpcEndpointAccountId: account,
    eventCategory: 'Management',
    tlsDetails: {
      tlsVersion: 'TLSv1.3',
      cipherSuite: 'TLS_AES_128_GCM_SHA256',
      clientProvidedHostHeader: host,
    },
  });
}

export function isoTime(time: number): string {
  return `${new Date(time).toISOString().slice(0, 19)}Z`;
}
