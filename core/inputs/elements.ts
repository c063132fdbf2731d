/** Lists that exports hold their elements in, by the name of the member that has them. */
const lists = new Set([
  'Records',
  'Events',
  'events',
  'logEvents',
  'Messages',
  'QueryResultRows',
  'results',
  'records',
]);
/** The one that lies a level deeper (Athena API, GetQueryResults). */
const deepList = { in: 'ResultSet', name: 'Rows' };

/** Characters of one element; a record has 256 KB at most (CloudTrail guide, quotas), and an envelope some more. */
const mostCharacters = 16 * 1024 * 1024;

/** An element is longer than any record: what it is cannot be told within bounds. */
export class ElementTooLong extends Error {
  override name = 'ElementTooLong';
}

/**
 * The texts of the objects and lists in a stream of JSON: the elements of `[...]` and of `{"Events": [...]}`, and whole values
 * where one follows another, a line each or not. What stands between values is passed over, as the times in front of the lines of
 * an export of CloudWatch Logs. Holds no more than one element. Throws {@link ElementTooLong}.
 */
export class Elements {
  #depth = 0;
  #inString = false;
  #escaped = false;
  /** how deep the list lies whose elements are told; 0: values that stand by themselves */
  #list = 0;
  #rootIsObject = false;
  #collecting = false;
  #collectedFrom = 0;
  #text = '';
  #string = '';
  #key = '';
  #deepKey = '';

  /** Is a value under way? At the end of a stream it was cut off. */
  get open(): boolean {
    return this.#depth > 0;
  }

  /** The elements that end in this part of the stream. */
  *feed(chunk: string): Generator<string> {
    let from = 0;
    for (let at = 0; at < chunk.length; at += 1) {
      const char = chunk.charCodeAt(at);
      if (this.#inString) {
        at = this.#inText(chunk, at, char);
        continue;
      }
      if (char === 0x22) {
        if (this.#depth > 0) this.#beginString();
      } else if (char === 0x3a) {
        if (this.#depth === 1) this.#key = this.#string;
        else if (this.#depth === 2) this.#deepKey = this.#string;
      } else if (char === 0x7b || char === 0x5b) {
        if (this.#begins(char === 0x7b)) from = at;
      } else if ((char === 0x7d || char === 0x5d) && this.#depth > 0) {
        this.#depth -= 1;
        if (this.#collecting && this.#depth === this.#collectedFrom) {
          const text = this.#text + chunk.slice(from, at + 1);
          this.#collecting = false;
          this.#text = '';
          yield text;
        }
        if (this.#depth < this.#list) this.#list = 0;
      }
    }
    if (this.#collecting) this.#keep(chunk.slice(from));
  }

  /** Takes in what a bracket begins. Answers whether an element begins with it. */
  #begins(object: boolean): boolean {
    const root = this.#depth === 0;
    if (root) {
      this.#rootIsObject = object;
      this.#key = '';
    }
    const isList = !object && (root || this.#isNamedList());
    this.#depth += 1;
    if (isList && (root || this.#collectedFrom === 0)) {
      // What was taken for a value of its own is the envelope of a list.
      this.#collecting = false;
      this.#text = '';
      this.#list = this.#depth;
      return false;
    }
    if (this.#collecting || this.#depth - 1 !== this.#list) return false;
    this.#collecting = true;
    this.#collectedFrom = this.#list;
    return true;
  }

  #isNamedList(): boolean {
    if (!this.#rootIsObject) return false;
    if (this.#depth === 1) return lists.has(this.#key);
    return this.#depth === 2 && this.#key === deepList.in && this.#deepKey === deepList.name;
  }

  #beginString(): void {
    this.#inString = true;
    this.#string = '';
  }

  /** Goes on within a string. Answers the last place that was read. */
  #inText(chunk: string, at: number, char: number): number {
    if (this.#escaped) {
      this.#escaped = false;
      return at;
    }
    if (char === 0x5c) {
      this.#escaped = true;
      return at;
    }
    if (char === 0x22) {
      this.#inString = false;
      return at;
    }
    // The names of members are short; nothing else needs its text.
    if (this.#depth <= 2 && this.#string.length < 64) this.#string += chunk[at];
    return at;
  }

  #keep(text: string): void {
    this.#text += text;
    if (this.#text.length > mostCharacters)
      throw new ElementTooLong(
        `an element has more than ${mostCharacters.toLocaleString('en-US')} characters`,
      );
  }
}
