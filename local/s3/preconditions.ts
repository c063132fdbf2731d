import type { IncomingHttpHeaders } from 'node:http';
import { ServiceError } from '../contract.ts';
import type { Version } from './catalogue.ts';

const failed = (condition: string) =>
  new ServiceError(
    'PreconditionFailed',
    `At least one of the pre-conditions you specified did not hold: ${condition}`,
    412,
  );

/** Whether one of a list of quoted entity tags, or `*`, is that of the object. */
function matches(header: string, { etag }: Version): boolean {
  return header.split(',').some(tag => {
    const value = tag
      .trim()
      .replace(/^W\//, '')
      .replace(/^"(.*)"$/, '$1');
    return value === '*' || value === etag;
  });
}

/**
 * Conditional writes (S3 guide, "Conditional writes"): If-None-Match: * wants that there is no object, If-Match that
 * there is exactly this one. `existing`: the latest version, no delete marker. Must be asked in the same tick the
 * version is stored in. Throws PreconditionFailed, NoSuchKey or NotImplemented.
 */
export function checkWrite(headers: IncomingHttpHeaders, existing: Version | undefined): void {
  const none = headers['if-none-match'];
  const match = headers['if-match'];
  if (none !== undefined && none !== '*') {
    throw new ServiceError(
      'NotImplemented',
      'A header you provided implies functionality that is not implemented: If-None-Match of a write takes * only',
      501,
    );
  }
  if (none !== undefined && existing) throw failed('If-None-Match');
  if (match === undefined) return;
  if (!existing) throw new ServiceError('NoSuchKey', 'The specified key does not exist.', 404);
  if (!matches(match, existing)) throw failed('If-Match');
}

/** Conditional reads (RFC 9110, section 13). `not modified` is to be answered with 304. Throws PreconditionFailed. */
export function checkRead(headers: IncomingHttpHeaders, version: Version): 'read' | 'not modified' {
  const none = headers['if-none-match'];
  const match = headers['if-match'];
  if (match !== undefined && !matches(match, version)) throw failed('If-Match');
  return none !== undefined && matches(none, version) ? 'not modified' : 'read';
}
