import type { PlainRecord, WholeRecord } from './plain-record.ts';
import { fieldsOf } from './record-fields.ts';

/**
 * Reads records where they lie, as JSON.parse would: all of a record is checked, but of a plain call only recordFields are
 * made. Whatever the check does not settle goes to JSON.parse.
 */
export class RecordReader {
  readonly #which: 'deciding' | 'all';

  /** `deciding`: only what relevance reads. */
  constructor(which: 'deciding' | 'all') {
    this.#which = which;
  }

  /** The record in `block` from `start` to `end`. Throws SyntaxError for what is not JSON. */
  read(block: Buffer, start: number, end: number): PlainRecord | WholeRecord {
    return this.#plain(block, start, end) ?? { whole: JSON.parse(block.toString('utf8', start, end)) };
  }

  #plain(block: Buffer, start: number, end: number): PlainRecord | null {
    const fields = fieldsOf(block, start, end, this.#which);
    const action = fields?.action();
    const setting = action && fields?.setting();
    if (!fields || !action || !setting) return null;
    const all = this.#which === 'all';
    return {
      action,
      setting,
      eventID: all ? fields.eventID : undefined,
      eventTime: all ? fields.eventTime : undefined,
      sharedEventID: all ? fields.sharedEventID : undefined,
      addendum: all ? fields.addendum : undefined,
    };
  }
}
