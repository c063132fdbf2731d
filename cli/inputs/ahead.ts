import type { Input } from './input.ts';
import { fewPeeked } from './unpacked.ts';
import type { WalkedFile } from './walk.ts';

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
    if (!work) throw new RangeError(`no read has the number ${index}`);
    return work();
  }
}

/** Objects that are looked at at once: one after the other they take a round trip each. */
const manyLooks = 16;
/** Objects that are fetched whole and ahead, in bytes: memory holds as many of them. */
const mostWhole = 4 * 1024 * 1024;
const manyWhole = 8;

/** The files, which are looked into in this order: the beginnings of objects in S3 are fetched while those before them are told. */
export function lookedAhead(files: readonly WalkedFile[]): WalkedFile[] {
  const far = files.filter(({ object }) => object);
  const looks = new Ahead(
    far.map(
      ({ bytes }) =>
        async () =>
          (await bytes?.head(fewPeeked)) ?? Buffer.alloc(0),
    ),
    manyLooks,
  );
  const places = new Map(far.map((file, index) => [file, index]));
  return files.map(file => {
    const [place, bytes] = [places.get(file), file.bytes];
    if (place === undefined || !bytes) return file;
    const head = (most: number) => (most === fewPeeked ? looks.take(place) : bytes.head(most));
    return { ...file, bytes: { ...bytes, head } };
  });
}

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
