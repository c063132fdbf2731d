/** Characters of one field: a record has 256 KB at most (CloudTrail guide, quotas), quotes doubled, and some more. */
const mostCharacters = 16 * 1024 * 1024;

/**
 * The rows in a stream of comma-separated values, as lists of fields (RFC 4180: quotes around a field, doubled within it, and line
 * ends in it). Holds one row. Throws an Error for a row that is longer than any record.
 */
export class CsvRows {
  #row: string[] = [];
  #field = '';
  #quoted = false;
  /** behind a quote within quotes: the end of the field, or the first half of a doubled quote */
  #pending = false;

  *feed(chunk: string): Generator<string[]> {
    let from = 0;
    for (let at = 0; at < chunk.length; at += 1) {
      const char = chunk[at];
      if (this.#pending) {
        this.#pending = false;
        // A doubled quote: the first one was left out, and the second is kept.
        if (char === '"') {
          from = at;
          continue;
        }
        this.#quoted = false;
        from = at;
      }
      if (char === '"') {
        this.#keep(chunk.slice(from, at));
        from = at + 1;
        if (this.#quoted) this.#pending = true;
        else this.#quoted = true;
      } else if (!this.#quoted && (char === ',' || char === '\n')) {
        this.#endField(chunk.slice(from, at));
        from = at + 1;
        if (char === '\n') yield this.#endRow();
      }
    }
    this.#keep(chunk.slice(from));
  }

  /** The last row, where no line end stands behind it. */
  *end(): Generator<string[]> {
    if (this.#field === '' && this.#row.length === 0) return;
    this.#endField('');
    yield this.#endRow();
  }

  #keep(text: string): void {
    this.#field += text;
    if (this.#field.length > mostCharacters) throw new Error('a field is longer than any record');
  }

  #endField(text: string): void {
    this.#keep(text);
    this.#row.push(this.#field);
    this.#field = '';
    if (this.#row.length > 10_000) throw new Error('a row has more columns than any table');
  }

  #endRow(): string[] {
    const row = this.#row;
    const last = row.length - 1;
    row[last] = (row[last] as string).replace(/\r$/, '');
    this.#row = [];
    return row;
  }
}
