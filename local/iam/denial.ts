import { type Caller, ServiceError, type ServicePrincipal } from '../contract.ts';

/**
 * A refusal in AWS's own words (IAM guide, "Troubleshoot access denied error messages"). AWS tells nobody of a service's;
 * it is worded alike.
 */
export function denial(
  who: Caller | ServicePrincipal,
  { action, resource }: { action: string; resource: string },
  because: string,
  code: [name: string, status: number],
): ServiceError {
  const name =
    who.kind === 'service' ? `Service: ${who.names.join(' or ')}, for ${who.sourceArn},` : `User: ${who.arn}`;
  const reason = because.replace('ACTION', action);
  const message = `${name} is not authorized to perform: ${action} on resource: ${resource} ${reason}`;
  return new ServiceError(code[0], message, code[1]);
}

/** As a service names a request that policies do not allow. */
export function codeOf(service: string): [string, number] {
  return service === 's3' ? ['AccessDenied', 403] : ['AccessDeniedException', 400];
}

/** As a service names a request for whose key the caller lacks a right. */
export function keyCodeOf(service: string): [string, number] {
  const known: Record<string, string> = {
    sqs: 'KmsAccessDenied',
    sns: 'KMSAccessDenied',
    states: 'KmsAccessDeniedException',
  };
  const name = known[service];
  return name === undefined ? codeOf(service) : [name, 400];
}
