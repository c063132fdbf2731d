import { deflateRawSync } from 'node:zlib';
import { sha256 } from '../hash.ts';
import type { Occurrence, Setting } from '../records/event.ts';
import { RecordError } from '../records/read.ts';
import type { Normalizer } from './normalizer.ts';
import type { PlainRecord, WholeRecord } from './plain-record.ts';
import type { RecordReader } from './record-reader.ts';

/** An item holds 400 KB (DynamoDB guide, constraints): the packed record and its other attributes. */
const mostPacked = 350 * 1024;

/**
 * The typed shape of the kept record in `block` from `start` to `end`. Throws RecordError: `NotJson`, `RecordTooLarge`, and what
 * Normalizer throws.
 */
export function readKept(
  block: Buffer,
  start: number,
  end: number,
  { reader, normalizer }: { reader: RecordReader; normalizer: Normalizer },
): { setting: Setting; occurrence: Occurrence } {
  const record = parse(block, start, end, reader);
  const delivered = block.subarray(start, end);
  checkSize(delivered);
  return normalizer.normalize(record, sha256(delivered));
}

// One item that the table refuses fails the batch. Only a record that long is packed here to see.
function checkSize(record: Buffer): void {
  if (record.length <= mostPacked) return;
  const { length } = deflateRawSync(record, { level: 9 });
  if (length > mostPacked)
    throw new RecordError('RecordTooLarge', `the record has ${length} bytes packed, more than ${mostPacked}`);
}

function parse(block: Buffer, start: number, end: number, reader: RecordReader): PlainRecord | WholeRecord {
  try {
    return reader.read(block, start, end);
  } catch (error) {
    throw new RecordError('NotJson', `the record is not JSON: ${(error as Error).message}`);
  }
}
