import type { S3ClientConfig } from '@aws-sdk/client-s3';
import { version } from './version.ts';

type Logger = NonNullable<S3ClientConfig['logger']>;

/**
 * How long a client of AWS waits, in milliseconds: to connect, for an answer to begin, and while nothing comes. Without
 * these a request that is never answered waits for its function's own limit; with them it fails and is tried again.
 */
export function waitsAtMost(answer: number) {
  return {
    requestHandler: {
      connectionTimeout: Math.min(answer, 5_000),
      requestTimeout: answer,
      throwOnRequestTimeout: true,
      socketTimeout: answer,
    },
  };
}

const silent = () => {};

/**
 * A logger that does not record requests and responses: if it has `info`, the SDK copies each request and
 * answer for it, field by field, also for a logger that drops them: a tenth of what Persist does.
 */
const quiet = { debug: silent, warn: silent, error: silent } as unknown as Logger;

/** The user agent of roletrail's requests, as CloudTrail shows it. */
export const customUserAgent: [string, string][] = [['roletrail', version]];

/** The options of every client of a function. No request takes longer to be answered. */
export const bounded = { ...waitsAtMost(30_000), logger: quiet, customUserAgent };

/** The same for SQS. A queue's URL names AWS's host, also where the SDK has another endpoint (`AWS_ENDPOINT_URL`). */
export const boundedQueues = { ...bounded, useQueueUrlAsEndpoint: false };
