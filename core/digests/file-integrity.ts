import type { Provenance } from '../records/event.ts';
import { logKeyParts } from '../records/log-key.ts';
import { compactMillis, minuteMillis } from '../records/times.ts';
import type { DigestRecord, FileVerdict } from './records.ts';

/** What reports say of the file a record came from. */
export interface Integrity {
  verdict: 'verified' | 'pending' | 'not covered' | 'tampered';
  reason: string | null;
  /** the digest that says so; null when none does */
  digest: string | null;
}

/** What is known of one log file and its time. */
export interface FileKnown {
  provenance: Provenance;
  bucket: string;
  key: string;
  /** ETags of the bytes that became evidence; empty while the file is not processed to the end */
  processed: readonly string[];
  verdicts: readonly FileVerdict[];
  /** the digests of its account and region around its time */
  digests: readonly DigestRecord[];
}

/** A digest covers an hour and comes after it; half an hour more for the delivery, the queue and the check. */
const dueAfter = 150 * minuteMillis;
/** What a digest that cannot be read would cover: its hour, and what the minutes in names leave open. */
const covers = 75 * minuteMillis;

/** The verdict on the bytes that became evidence. `now` in milliseconds. */
export function integrityOf(file: FileKnown, now: number): Integrity {
  const { provenance, key, processed, verdicts } = file;
  if (provenance === 'partner') return notCovered('it came in a partner’s event, not in a log file of ours');
  const named = logKeyParts(key);
  if (!named) return notCovered('CloudTrail does not give log files such names');
  const verified = verdicts.filter(({ verdict }) => verdict === 'verified');
  const good = new Set(verified.map(({ etag }) => etag));
  const bad = verdicts.find(({ verdict }) => verdict === 'tampered');
  if (bad) {
    const before = processed.length > 0 && processed.every(etag => good.has(etag));
    const then = before ? '; the bytes that became evidence had been verified before' : '';
    return { verdict: 'tampered', reason: `${bad.reason}${then}`, digest: bad.digest };
  }
  const [proof] = verified;
  if (proof) return ofVerified(proof, processed, good);
  const untrusted = verdicts.find(({ verdict }) => verdict === 'untrusted');
  if (untrusted) {
    const reason = `the digest that names it cannot be trusted: ${untrusted.reason}`;
    return { verdict: 'tampered', reason, digest: untrusted.digest };
  }
  return ofUnnamed(file, compactMillis(named.time), now);
}

function ofVerified(proof: FileVerdict, processed: readonly string[], good: Set<string | null>): Integrity {
  const { digest } = proof;
  if (processed.length === 0) {
    return { verdict: 'pending', reason: 'the file has not been processed completely yet', digest };
  }
  const other = processed.find(etag => !good.has(etag));
  if (other === undefined) return { verdict: 'verified', reason: null, digest };
  const reason = `the bytes that were read (ETag ${other}) are not those that the digest was checked against (${proof.etag}): the file was replaced`;
  return { verdict: 'tampered', reason, digest };
}

/** A file that no digest names. `at`: the time in its name. */
function ofUnnamed({ digests }: FileKnown, at: number, now: number): Integrity {
  const gap = digests.find(digest => within(at, suspectTimes(digest)));
  if (gap) {
    return {
      verdict: 'tampered',
      reason: `the digest of its time cannot be trusted: ${gap.reason}`,
      digest: gap.uri,
    };
  }
  // Delivered in the minute in its name or soon after: once a digest begins later than that, the one of its time has come.
  const passed = digests.find(
    ({ startTime }) => startTime !== null && Date.parse(startTime) > at + minuteMillis,
  );
  if (passed)
    return notCovered('digests cover its time, but none names it: CloudTrail may not have written it');
  if (now - at < dueAfter) return { verdict: 'pending', reason: 'its digest is not due yet', digest: null };
  return notCovered(
    'no digest covers its time: log file validation is off, or the digests were not delivered',
  );
}

function suspectTimes({ problem, startTime, endTime }: DigestRecord): [number, number] | null {
  const until = (time: number): [number, number] => [time - covers, time];
  // Where a chain started again there was no validation before: nothing was removed.
  if (problem === null || problem === 'restarted') return null;
  if (problem !== 'previous-missing' && problem !== 'previous-differs') return until(compactMillis(endTime));
  return startTime === null ? null : until(Date.parse(startTime));
}

function within(at: number, span: [number, number] | null): boolean {
  return span !== null && at >= span[0] && at <= span[1];
}

function notCovered(reason: string): Integrity {
  return { verdict: 'not covered', reason, digest: null };
}
