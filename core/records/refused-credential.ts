/**
 * Error codes with which AWS says that it did not accept the credential itself, so that nothing was done with it: expired,
 * not known, or not signed with it (each service's "Common errors"; S3 guide, error responses). An `AccessDenied` is none of
 * them: there the credential was good, and its holder made the call.
 */
const codes: ReadonlySet<string> = new Set([
  'ExpiredToken',
  'ExpiredTokenException',
  'TokenRefreshRequired',
  'RequestExpired',
  'RequestTimeTooSkewed',
  'InvalidToken',
  'InvalidClientTokenId',
  'InvalidAccessKeyId',
  'UnrecognizedClientException',
  'MissingAuthenticationToken',
  'MissingAuthenticationTokenException',
  'IncompleteSignature',
  'IncompleteSignatureException',
  'InvalidSignatureException',
  'SignatureDoesNotMatch',
]);

/** EC2 writes its codes as `Client.RequestExpired`. */
export function isCredentialRefused(errorCode: string | null): boolean {
  return errorCode !== null && codes.has(errorCode.replace(/^Client\./, ''));
}
