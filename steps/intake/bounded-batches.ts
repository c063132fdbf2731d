import type { TrailObject } from '../transport/payloads.ts';
import type { Arrival } from './arrival.ts';

/** The limits for the log files of one execution. A larger single file gets its own execution. */
export const mostOfABatch = {
  files: 250,
  /** compressed bytes of all files: what a function of 1 to 2 GB works off in a fraction of its time */
  bytes: 64 * 2 ** 20,
  /** bytes of the input's list: the payload's bound is 262,144, and Fetch adds what it refused (up to 54 KB) */
  described: 160_000,
};

/** The assumed size of a file whose notification has none, such as CloudTrail's: more than most files have. */
const unknownBytes = 5 * 2 ** 20;

interface Load {
  files: number;
  bytes: number;
  described: number;
}

/**
 * The log files of a delivery in batches that no function runs out of memory or time over, in the order they came. A notice
 * that lists more than one batch holds is divided, and stands in each: alone, so that the batches of a notice that comes again are the
 * same, whatever comes with it.
 */
export function boundedBatches(arrivals: readonly Arrival[]): Arrival[][] {
  const batches: Arrival[][] = [];
  let open: { batch: Arrival[]; taken: Load } | null = null;
  for (const arrival of arrivals) {
    const parts = divided(arrival);
    if (parts.length > 1) {
      batches.push(...parts.map(part => [part]));
      open = null;
      continue;
    }
    const load = loadOf(arrival.objects);
    const sum: Load | null = open && together(open.taken, load);
    if (open && sum && !isTooMuch(sum)) {
      open.batch.push(arrival);
      open.taken = sum;
    } else {
      open = { batch: [arrival], taken: load };
      batches.push(open.batch);
    }
  }
  return batches;
}

// A single notice may list more keys than one input holds: 1 MB of SQS message.
function divided(arrival: Arrival): Arrival[] {
  const { objects } = arrival;
  if (objects.length < 2 || !isTooMuch(loadOf(objects))) return [arrival];
  const half = Math.ceil(objects.length / 2);
  return [objects.slice(0, half), objects.slice(half)].flatMap(part =>
    divided({ ...arrival, objects: part }),
  );
}

function isTooMuch({ files, bytes, described }: Load): boolean {
  return files > mostOfABatch.files || bytes > mostOfABatch.bytes || described > mostOfABatch.described;
}

function loadOf(objects: readonly TrailObject[]): Load {
  return {
    files: objects.length,
    bytes: objects.reduce((sum, object) => sum + bytesOf(object), 0),
    described: Buffer.byteLength(JSON.stringify(objects)),
  };
}

/** A file that must be alone fills a batch. */
function bytesOf({ size, alone }: TrailObject): number {
  return alone ? mostOfABatch.bytes + 1 : (size ?? unknownBytes);
}

function together(one: Load, other: Load): Load {
  return {
    files: one.files + other.files,
    bytes: one.bytes + other.bytes,
    described: one.described + other.described,
  };
}
