/** Cases of bad input are data: a recipe for the bytes, and what is to become of them. Read by {@link ./recipe.ts}. */

/** Text as it is, repeated (`#` in it is the count), bytes in hex, or the case's records joined by commas. */
export type Part = string | { repeat: string; times: number } | { hex: string } | { records: true };

/** One record: a base record with fields changed; `replace` then changes its JSON text (what JSON cannot write). */
export interface RecordRecipe {
  base?: 'call' | 'issuance';
  /** paths with dots; the value `"$id"` is the record's own eventID */
  set?: Record<string, unknown>;
  unset?: string[];
  replace?: Record<string, Part[]>;
  /** the record's whole text, in place of a base record */
  text?: Part[];
  /** so many of them, each with its own eventID and key */
  times?: number;
}

/** What is done to the bytes of the file, in order. */
export type Damage =
  | { cutAt: number }
  | { cutFromEnd: number }
  | { flipAt: number }
  | { append: Part[] }
  | { prepend: Part[] };

export interface FileRecipe {
  records?: RecordRecipe[];
  /** around the records; `{"Records":[` and `]}` unless said otherwise */
  text?: Part[];
  /** how it is packed: one member unless said otherwise */
  gzip?: 'member' | 'none' | 'two-members' | 'twice';
  damage?: Damage[];
  /** the object's name in the folder of a day, or its whole key, `$case` in it the case, where the name itself is the poison */
  key?: string;
  /** stored where no rule announces it, and a replay stores files */
  silent?: boolean;
}

export interface MessageRecipe {
  queue?: 'trail' | 'partner';
  /** `$bucket`, `$key` and `$case` in its strings stand for the trail bucket, the stored object's key, and the case */
  body?: unknown;
  text?: Part[];
  /** the topic whose envelope is put around it */
  topic?: string;
}

export interface ExpectedRefusal {
  error: string;
  /** a piece of the reason that a person reads */
  says: string;
  /** how many: 1 unless said otherwise */
  times?: number;
}

export interface PoisonCase {
  name: string;
  /** only in the full run */
  full?: boolean;
  file?: FileRecipe;
  message?: MessageRecipe;
  expected: {
    /** eventIDs of the case that are evidence afterwards, by the record's number from 1, or how many */
    kept?: number[] | number;
    refused?: ExpectedRefusal[];
  };
}

/** A field we read, and values of a wrong type for it: a record with each is refused. */
export interface FieldCase {
  field: string;
  base?: 'call' | 'issuance';
  values: unknown[];
  error: string;
  says: string;
  set?: Record<string, unknown>;
}
