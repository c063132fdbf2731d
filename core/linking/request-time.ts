import { isoSeconds, millis } from '../records/times.ts';

/** What a call asked for: it bounds how long AWS may have worked on it. */
export interface Asked {
  eventSource: string;
  eventName: string;
  /** the eventID that this record, an addendum, completes; null for a call's own record */
  amends: string | null;
}

const minutes = 60;
const hours = 60 * minutes;

/** Longer than nearly all requests take; the SDKs give up earlier. */
const longest = 5 * minutes;

/** S3 checks the credential when a request arrives, and the transfer goes on after its end (S3 guide, presigned URLs). */
const longestTransfer = 12 * hours;

/** A function runs up to 15 minutes, and a synchronous invocation waits for it (Lambda guide, quotas). */
const longestInvocation = 15 * minutes;

const transfers: ReadonlySet<string> = new Set([
  'GetObject',
  'PutObject',
  'PostObject',
  'CopyObject',
  'UploadPart',
  'UploadPartCopy',
  'SelectObjectContent',
]);

const stores: ReadonlySet<string> = new Set([
  's3.amazonaws.com',
  's3express.amazonaws.com',
  's3-outposts.amazonaws.com',
  's3-object-lambda.amazonaws.com',
]);

/** Data events and the names that older records have with the API's version behind them. */
const invocation = /^Invoke(?:Function|WithResponseStream)?(?:\d{8})?$/;

/** Seconds that such a request may take at most. */
function mostSeconds({ eventSource, eventName, amends }: Asked): number {
  // What time an addendum shows is nowhere written: it may come hours after its call.
  if (amends !== null) return longestTransfer;
  if (stores.has(eventSource) && transfers.has(eventName)) return longestTransfer;
  if (eventSource === 'lambda.amazonaws.com' && invocation.test(eventName)) return longestInvocation;
  return longest;
}

/**
 * The earliest time at which AWS may have taken a request that ended at `eventTime` (CloudTrail record contents: the time at which
 * the request was completed); ISO 8601. The credential was checked no earlier.
 */
export function takenFrom(eventTime: string, asked: Asked): string {
  const seconds = mostSeconds(asked);
  if (seconds !== longest) return earlierBy(seconds, eventTime);
  const known = earlier.get(eventTime);
  if (known !== undefined) return known;
  const from = earlierBy(seconds, eventTime);
  if (earlier.size >= mostTimes) earlier.clear();
  earlier.set(eventTime, from);
  return from;
}

/** Calls of one file fall into few seconds: of nearly all, what they come to. */
const earlier = new Map<string, string>();
const mostTimes = 1000;

function earlierBy(seconds: number, eventTime: string): string {
  return isoSeconds(Math.max(millis(eventTime) - seconds * 1000, firstTime));
}

const firstTime = Date.parse('0000-01-01T00:00:00Z');
