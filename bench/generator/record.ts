import { account, region } from './place.ts';
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
  sourceIPAddress?: string;
  resources?: object[];
}

const agents = [
  'aws-cli/2.15.0 Python/3.11.6 Linux/5.10.205-195.804.amzn2.x86_64 exe/x86_64.amzn.2 prompt/off command/s3api.list-buckets',
  'Boto3/1.34.51 md/Botocore#1.34.51 ua/2.0 os/linux#5.10.205 md/arch#x86_64 lang/python#3.11.6 md/pyimpl#CPython cfg/retry-mode#legacy Botocore/1.34.51',
  'APN/1.0 HashiCorp/1.0 Terraform/1.7.3 (+https://www.terraform.io) terraform-provider-aws/5.38.0 aws-sdk-go-v2/1.25.0 os/linux lang/go#1.21.6 md/GOOS#linux md/GOARCH#amd64',
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/121.0.0.0 Safari/537.36',
  'aws-sdk-java/2.24.1 Linux/5.10.209-198.812.amzn2.x86_64 OpenJDK_64-Bit_Server_VM/17.0.10+7-LTS Java/17.0.10 vendor/Amazon.com_Inc. io/sync http/Apache cfg/retry-mode/standard',
] as const;

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
    sourceIPAddress: call.sourceIPAddress ?? random.address(),
    userAgent: call.sourceIPAddress ?? random.pick(agents),
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
