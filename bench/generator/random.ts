const hex = '0123456789abcdef';
const base32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** Random numbers that a seed repeats: mulberry32 (T. Ettinger, public domain). Good enough to vary, not to hide. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** from 0 up to 1 */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  }

  chance(share: number): boolean {
    return this.next() < share;
  }

  /** a whole number, both ends included */
  between(low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low + 1));
  }

  pick<T>(list: readonly [T, ...T[]]): T {
    return list[Math.floor(this.next() * list.length)] ?? list[0];
  }

  hex(length: number): string {
    return this.#letters(hex, length);
  }

  /** What AWS's ids are made of: `AKIA` and 16 of these, `AROA` and 17. */
  id(prefix: string, length: number): string {
    return prefix + this.#letters(base32, length);
  }

  uuid(): string {
    return [8, 4, 4, 4, 12].map(length => this.hex(length)).join('-');
  }

  address(): string {
    return [this.between(11, 223), this.between(0, 255), this.between(0, 255), this.between(1, 254)].join(
      '.',
    );
  }

  #letters(alphabet: string, length: number): string {
    let text = '';
    for (let i = 0; i < length; i += 1) text += alphabet[Math.floor(this.next() * alphabet.length)];
    return text;
  }
}
