import { asRecord } from '../identities/identity.ts';
import type { AuditedRoles } from '../identities/roles.ts';
import type { Provenance } from '../records/event.ts';
import { RecordError } from '../records/read.ts';
import { type PlainRecord, recordOf } from './plain-record.ts';
import { RecordReader } from './record-reader.ts';
import { relevance } from './relevance.ts';

/** Which records are kept (see relevance.ts). Calls that repeat all that decides are decided once. */
export class Decision {
  readonly #reader = new RecordReader('deciding');
  readonly #roles: AuditedRoles;
  readonly #provenance: Provenance;
  readonly #kept = new WeakMap<PlainRecord['setting'], boolean>();

  constructor(roles: AuditedRoles, provenance: Provenance) {
    this.#roles = roles;
    this.#provenance = provenance;
  }

  /**
   * Whether the record in `block` from `start` to `end` is kept. Null for what cannot be read: it is kept, so that Normalize
   * refuses it by name, and is not lost as "irrelevant".
   */
  keeps(block: Buffer, start: number, end: number): boolean | null {
    try {
      const read = this.#reader.read(block, start, end);
      const setting = 'whole' in read ? null : read.setting;
      const known = setting && this.#kept.get(setting);
      if (typeof known === 'boolean') return known;
      const keep = relevance(asRecord(recordOf(read)), this.#roles, this.#provenance) !== null;
      if (setting) this.#kept.set(setting, keep);
      return keep;
    } catch (error) {
      if (error instanceof RecordError || error instanceof SyntaxError) return null;
      throw error;
    }
  }
}
