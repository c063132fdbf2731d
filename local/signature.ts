import { ServiceError } from './contract.ts';

/** The part of a Signature Version 4 that says who calls which service. */
export interface CredentialScope {
  accessKeyId: string;
  /** yyyymmdd */
  date: string;
  region: string;
  /** the service's signing name: `s3`, `dynamodb`, `states`, `sqs`, `events` */
  service: string;
}

/**
 * Reads the credential scope of an Authorization header,
 * `AWS4-HMAC-SHA256 Credential=AKID/date/region/service/aws4_request, ...` (IAM guide, "Elements of a SigV4 request").
 * The signature itself is not verified: on the loopback interface the access key id alone says who calls.
 *
 * Undefined when there is no header. Throws IncompleteSignatureException for a header of any other kind (SigV4A, SigV2).
 */
export function readCredentialScope(authorization: string | undefined): CredentialScope | undefined {
  if (authorization === undefined) return undefined;
  const credential = /^AWS4-HMAC-SHA256\s.*?Credential=([^,\s]+)/.exec(authorization)?.[1];
  // An access key id of one's own choice may hold slashes; the four parts behind it may not.
  const [, accessKeyId, date, region, service] =
    /^(.+)\/(\d{8})\/([^/]+)\/([^/]+)\/aws4_request$/.exec(credential ?? '') ?? [];
  if (!accessKeyId || !date || !region || !service) {
    throw new ServiceError(
      'IncompleteSignatureException',
      `the Authorization header is no AWS4-HMAC-SHA256 signature with a credential scope: ${authorization.slice(0, 60)}`,
      403,
    );
  }
  return { accessKeyId, date, region, service };
}
