import { ArchiveError } from '../../core/inputs/archive-error.ts';
import { type TarMember, tarMembers } from '../../core/inputs/tar.ts';
import { type Bytes, headOf } from './bytes.ts';

/** Of the member that lies under the head, as much can be read twice without going back. */
const kept = 2 * 1024 * 1024;

/**
 * A tar archive as a tape: members are read where the tape is wound to, and it is wound back for one that has passed. Whoever reads
 * them in their order reads the archive once. Nothing is unpacked to disk; memory holds the beginning of one member.
 */
export class Tape {
  readonly #open: () => AsyncIterable<Buffer>;
  #members: AsyncGenerator<TarMember> | null = null;
  #member: TarMember | null = null;
  #index = -1;
  #begin: Buffer[] = [];
  #begun = 0;

  /** `open`: the archive's bytes, unpacked, from the beginning */
  constructor(open: () => AsyncIterable<Buffer>) {
    this.#open = open;
  }

  /** The number of the member under the head. */
  get index(): number {
    return this.#index;
  }

  /** How many members were passed whole. */
  get passed(): number {
    return this.#index + (this.#member?.whole ? 1 : 0);
  }

  /** Winds on by one member; null at the end. Throws ArchiveError. */
  async next(): Promise<TarMember | null> {
    this.#members ??= tarMembers(this.#open());
    this.#begin = [];
    this.#begun = 0;
    const { done, value } = await this.#members.next();
    this.#member = done ? null : value;
    this.#index += 1;
    return this.#member;
  }

  /** The bytes of a member. Only one member is read at a time. */
  bytesOf(index: number, size: number): Bytes {
    return {
      size,
      head: most => headOf(this.#stream(index), most),
      stream: () => this.#stream(index),
    };
  }

  async *#stream(index: number): AsyncGenerator<Buffer> {
    if (this.#index > index || (this.#index === index && this.#begun > kept)) await this.#rewind();
    while (this.#index < index) {
      if (!(await this.next())) throw new ArchiveError('DamagedArchive', 'it changed while it was read');
    }
    const member = this.#member;
    yield* this.#begin.slice();
    for (;;) {
      const part = await member?.read();
      // Whoever winds on meanwhile would end this member early, as if it were whole.
      if (member !== this.#member) throw new Error('two members of a tar archive were read at once');
      if (!part) return;
      this.#begun += part.length;
      if (this.#begun <= kept) this.#begin.push(part);
      else this.#begin = [];
      yield part;
    }
  }

  async #rewind(): Promise<void> {
    await this.#members?.return(undefined);
    this.#members = null;
    this.#member = null;
    this.#index = -1;
  }
}
