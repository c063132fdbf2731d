import type { IncomingMessage } from 'node:http';
import { ServiceError } from '../contract.ts';

/** This machine's own names, and S3's buckets below one of them (RFC 6761: no DNS answers for `.localhost`). */
const ownHost = /^(?:127\.0\.0\.1|(?:[a-z0-9.-]+\.)?localhost)(?::(\d{1,5}))?$/;

/**
 * Refuses what did not come from a client of this machine: a request under another host's name, as of a page whose own name
 * was made to point to 127.0.0.1 (DNS rebinding), or one that a browser sends for any page. AWS's clients send neither
 * Origin nor Sec-Fetch-Site (Fetch standard; Fetch Metadata Request Headers).
 *
 * Throws ServiceError `WrongHost` (421) and `BrowserRequest` (403). No answer has a CORS header, so that a browser shows none.
 */
export function refuseForeign({ headers, socket }: IncomingMessage): void {
  const [whole, port = '80'] = ownHost.exec(headers.host ?? '') ?? [];
  if (whole === undefined || Number(port) !== socket.localPort) {
    throw new ServiceError(
      'WrongHost',
      'the embedded cloud answers to 127.0.0.1 and localhost, with its port',
      421,
    );
  }
  if (headers.origin !== undefined || headers['sec-fetch-site'] !== undefined) {
    throw new ServiceError('BrowserRequest', 'the embedded cloud does not answer browsers', 403);
  }
}
