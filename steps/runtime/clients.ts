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
 * A logger that takes no account of what was sent and received: where `info` is there, the SDK copies each request and
 * answer for it, field by field, also for a logger that drops them: a tenth of what Persist does.
 */
const quiet = { debug: silent, warn: silent, error: silent } as unknown as Logger;

/** Who asks, in CloudTrail's `userAgent` of our own requests. */
export const customUserAgent: [string, string][] = [['roletrail', version]];

/** What every client of a function is made with. No request of ours takes longer to be answered. */
export const bounded = { ...waitsAtMost(30_000), logger: quiet, customUserAgent };

/** The same for SQS. A queue's URL names AWS's host, also where the SDK has another endpoint (`AWS_ENDPOINT_URL`). */
export const boundedQueues = { ...bounded, useQueueUrlAsEndpoint: false };
