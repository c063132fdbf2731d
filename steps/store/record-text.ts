import { AuditError } from '../runtime/errors.ts';
import { deflateText, inflateText } from './compact.ts';
import { recordDictionary } from './record-dictionary.ts';

/** What an item keeps in its compact part. */
export interface Compacted {
  /** the record's text as delivered */
  record: string;
  /** where it was read */
  source: string;
  /** the execution that wrote it */
  execution: string;
}

export interface CompactRecord {
  coding: string;
  bytes: Uint8Array;
}

/**
 * Deflated with a dictionary of text that records share, followed by `beside`, the item's other attributes of the record.
 * The source and the execution precede the record, as the first line.
 */
export function compactRecord({ record, source, execution }: Compacted, beside: string): CompactRecord {
  const text = `${JSON.stringify([source, execution])}\n${record}`;
  return { coding: 'd2', bytes: deflateText(text, [recordDictionary, beside]) };
}

/** The reverse, with the same `beside`. Throws AuditError `BrokenItem` for a coding this version does not know. */
export function expandRecord({ coding, bytes }: CompactRecord, beside: string): Compacted {
  if (coding !== 'd2') throw new AuditError('BrokenItem', `evidence in the unknown coding "${coding}"`);
  const text = inflateText(bytes, [recordDictionary, beside]);
  const end = text.indexOf('\n');
  const [source, execution] = JSON.parse(text.slice(0, end)) as [string, string];
  return { record: text.slice(end + 1), source, execution };
}
