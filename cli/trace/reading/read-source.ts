import type { AuditedRoles } from '../../../core/identities/roles.ts';
import type { TrailAccounts } from '../../../core/reading/accounts.ts';
import { type Candidates, candidatesFor } from '../../../core/reading/candidates.ts';
import { Decision } from '../../../core/reading/decision.ts';
import { readKept } from '../../../core/reading/kept-record.ts';
import { mostRefused } from '../../../core/reading/most-refused.ts';
import { Normalizer } from '../../../core/reading/normalizer.ts';
import { RecordReader } from '../../../core/reading/record-reader.ts';
import type { Occurrence, Provenance, Setting } from '../../../core/records/event.ts';
import { RecordError } from '../../../core/records/read.ts';
import { reasonOf } from '../../../steps/runtime/errors.ts';
import { RefusalList } from '../../../steps/transport/refusals.ts';
import { WholeFiles } from '../../../steps/transport/whole-files.ts';

/** A record that may matter, in `block` from `start` to `end`. `number`: in its source, from 1; `offset`: of its first byte there. */
export interface Candidate {
  start: number;
  end: number;
  number: number;
  offset: number;
}

export interface Kept {
  setting: Setting;
  occurrence: Occurrence;
}

/** Whose word a source is, as refusals and events have it. `account`: that the place speaks for; null: it names none. */
export interface From {
  source: string;
  provenance: Provenance;
  account: string | null;
}

/** What all sources are read with. One for a thread: what many records share is remembered in it. */
export class Reading {
  readonly candidates: Candidates;
  readonly #roles: AuditedRoles;
  readonly #accounts: TrailAccounts;
  readonly #reader = new RecordReader('all');
  readonly #decisions: Record<Provenance, Decision>;

  constructor(roles: AuditedRoles, accounts: TrailAccounts) {
    this.#roles = roles;
    this.#accounts = accounts;
    this.candidates = candidatesFor(roles);
    this.#decisions = { trail: new Decision(roles, 'trail'), partner: new Decision(roles, 'partner') };
  }

  /** Reads the records of one source. */
  of(from: From): SourceReading {
    return new SourceReading(from, {
      decision: this.#decisions[from.provenance],
      reader: this.#reader,
      normalizer: new Normalizer(from, this.#roles, this.#accounts),
    });
  }
}

interface Tools {
  decision: Decision;
  reader: RecordReader;
  normalizer: Normalizer;
}

/** Keeps and types the candidates of one source, as the steps Filter and Normalize do. */
export class SourceReading {
  kept = 0;
  dropped = 0;
  readonly #from: From;
  readonly #tools: Tools;
  readonly #refusals = new RefusalList('Normalize');
  readonly #whole = new WholeFiles(this.#refusals);
  #unreadable = 0;

  constructor(from: From, tools: Tools) {
    this.#from = from;
    this.#tools = tools;
    this.#whole.begin(0, 0);
  }

  /** records that have their typed shape; none where the source is refused as a whole */
  get normalized(): number {
    return this.#whole.normalized;
  }

  get refusals(): RefusalList {
    return this.#refusals;
  }

  /** Whether so many of its records are refused that it is refused as a whole. */
  get isWithheld(): boolean {
    return this.#whole.isRefused;
  }

  /** Hands on the records of a block that are kept. */
  read(
    block: Buffer,
    candidates: readonly Candidate[],
    onKept: (kept: Kept, candidate: Candidate) => void,
  ): void {
    for (const candidate of this.#deciding(block, candidates)) {
      if (this.#whole.isRefused) continue;
      const { start, end } = candidate;
      try {
        onKept(readKept(block, start, end, this.#tools), candidate);
        this.#whole.normalized += 1;
      } catch (error) {
        if (!(error instanceof RecordError)) throw error;
        this.#refuse(error, block.toString('utf8', start, end), candidate);
      }
    }
  }

  /** All of a block are decided before one is read: both look into the memory of json.as, each with tables of its own. */
  #deciding(block: Buffer, candidates: readonly Candidate[]): Candidate[] {
    return candidates.filter(({ start, end }) => {
      // The source is refused for what was kept of it already: to look at the rest is lost time.
      const refused = this.#unreadable > mostRefused.records;
      const decided = refused ? false : this.#tools.decision.keeps(block, start, end);
      if (decided === null) this.#unreadable += 1;
      const keep = decided ?? true;
      if (keep) this.kept += 1;
      else this.dropped += 1;
      return keep;
    });
  }

  #refuse(error: RecordError, raw: string, { start, end, number }: Candidate): void {
    const { source, provenance, account } = this.#from;
    const sender = provenance === 'partner' ? { sender: account ?? 'unknown' } : {};
    const record = provenance === 'trail' && number > 0 ? { record: number } : {};
    this.#refusals.add({ source, ...record, ...reasonOf(error), raw, ...sender });
    this.#whole.refusedRecord(source, end - start, error);
  }
}
