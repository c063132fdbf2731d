import { ServiceError } from '../contract.ts';

/** A Signature Version 4 as a request's Authorization header gives it. */
export interface Signature {
  accessKeyId: string;
  /** yyyymmdd */
  date: string;
  region: string;
  /** the service's signing name: `s3`, `dynamodb`, `states`, `sqs`, `events` */
  service: string;
  /** names in lower case, in the order of the header */
  signedHeaders: string[];
  /** 64 hexadecimal digits */
  value: string;
}

/**
 * Reads an Authorization header, `AWS4-HMAC-SHA256 Credential=AKID/date/region/service/aws4_request, SignedHeaders=a;b,
 * Signature=hex` (IAM guide, "Elements of an AWS API request signature"). Nothing is verified here.
 *
 * Undefined when there is no header. Throws IncompleteSignatureException for a header of any other kind (SigV4A, SigV2), or
 * one that lacks a part.
 */
export function readSignature(authorization: string | undefined): Signature | undefined {
  if (authorization === undefined) return undefined;
  const part = (name: string) =>
    new RegExp(`^AWS4-HMAC-SHA256\\s(?:.*?[\\s,])?${name}=([^,\\s]+)`).exec(authorization)?.[1];
  // An access key id of one's own choice may hold slashes; the four parts behind it may not.
  const [, accessKeyId, date, region, service] =
    /^(.+)\/(\d{8})\/([^/]+)\/([^/]+)\/aws4_request$/.exec(part('Credential') ?? '') ?? [];
  const signedHeaders = part('SignedHeaders')?.toLowerCase().split(';');
  const value = part('Signature');
  if (!accessKeyId || !date || !region || !service || !signedHeaders || !value) {
    // Of a header that was signed otherwise, its kind alone is told: what follows may be a secret.
    throw new ServiceError(
      'IncompleteSignatureException',
      `the Authorization header is no AWS4-HMAC-SHA256 signature with Credential, SignedHeaders and Signature: ${authorization.slice(0, 20)}`,
      403,
    );
  }
  return { accessKeyId, date, region, service, signedHeaders, value };
}
