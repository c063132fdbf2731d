import type { Input } from './input.ts';

/** Work whose results are taken in order, begun before: at most so many at once. What is passed over is let go. */
export class Ahead<T> {
  readonly #work: readonly (() => Promise<T>)[];
  readonly #many: number;
  readonly #begun = new Map<number, Promise<T>>();
  #next = 0;

  constructor(work: readonly (() => Promise<T>)[], many: number) {
    this.#work = work;
    this.#many = many;
  }

  /** Taken a second time, or out of order, it is done anew. */
  take(index: number): Promise<T> {
    for (const before of this.#begun.keys()) if (before < index) this.#begun.delete(before);
    this.#next = Math.max(this.#next, index);
    for (; this.#next < Math.min(index + this.#many, this.#work.length); this.#next += 1) {
      const begun = this.#do(this.#next);
      // Who takes it hears of it.
      begun.catch(() => {});
      this.#begun.set(this.#next, begun);
    }
    const taken = this.#begun.get(index) ?? this.#do(index);
    this.#begun.delete(index);
    return taken;
  }

  async #do(index: number): Promise<T> {
    const work = this.#work[index];
    if (!work) throw new RangeError(`there is no work ${index}`);
    return work();
  }
}

/** Objects that are fetched whole and ahead, in bytes: memory holds as many of them. */
const mostWhole = 4 * 1024 * 1024;
const manyWhole = 8;

/** The inputs, which are read in this order: a small object in S3 is fetched while those before it are read. */
export function fetchedAhead(inputs: readonly Input[]): Input[] {
  const isFar = ({ object, archive, size }: Input) => object && archive === undefined && size <= mostWhole;
  const far = inputs.filter(isFar);
  const ahead = new Ahead(
    far.map(
      ({ bytes }) =>
        async () =>
          Buffer.concat(await Array.fromAsync(bytes.stream())),
    ),
    manyWhole,
  );
  const places = new Map(far.map((input, index) => [input, index]));
  return inputs.map(input => {
    const place = places.get(input);
    if (place === undefined) return input;
    const stream = async function* () {
      yield await ahead.take(place);
    };
    return { ...input, bytes: { ...input.bytes, stream } };
  });
}
