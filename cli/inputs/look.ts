import { digestLocation } from '../../core/digests/digest-key.ts';
import { ArchiveError } from '../../core/inputs/archive-error.ts';
import { type Content, contentOf } from '../../core/inputs/content.ts';
import { isTar } from '../../core/inputs/tar-header.ts';
import { asideOfKey } from '../../core/records/aside.ts';
import { logKeyParts } from '../../core/records/log-key.ts';
import { isHead } from '../integrity/copies.ts';
import { plural } from '../views/text/format.ts';
import { allOf, type Bytes, headOf } from './bytes.ts';
import { inflate } from './inflate.ts';
import type { Input } from './input.ts';
import { isForTheDoor, isOneMessage } from './kind.ts';
import type { Other } from './others.ts';
import { Names, type Place } from './place.ts';
import { type RefusedInput, refusedInput } from './refused.ts';
import type { S3Object } from './s3-object.ts';
import { Tape } from './tape.ts';
import { decoded, encodingOf } from './text.ts';
import { mostUnpacked, type Peeled, peeked, peel, unpacked } from './unpacked.ts';
import { tooMany, zipIn, zipMembers } from './zip.ts';

/** Archives within archives. */
const deepest = 3;
/** All members of an archive, and of those in it, are listed before the first is read. */
const mostMembers = 250_000;
/** A zip is read from its end: those within other archives have to fit in memory, together. */
const mostNestedZips = 256 * 1024 * 1024;
/** Characters of an element of an export; of one that is longer nobody can tell here what it holds. */
const longPeek = 4 * 1024 * 1024;

/** Tells files, and members of archives, by what they hold. */
export class Look {
  readonly inputs: Input[] = [];
  readonly others: Other[] = [];
  readonly refused: RefusedInput[] = [];
  /** what S3 keeps beside a digest, for copies: read with it */
  readonly heads = new Map<string, Bytes>();
  #members = 0;
  #nestedZips = 0;

  async file(file: string, key: string, bytes: Bytes, object?: S3Object): Promise<void> {
    this.#members = 0;
    const before = this.#counts;
    const place = { file, key, depth: 0, most: mostUnpacked(bytes.size) };
    await this.#into({ ...place, ...(object ? { object } : { path: file }) }, bytes);
    if (this.#members <= mostMembers) return;
    // Hundreds of thousands of members are no work to begin with.
    this.#takeBack(before);
    this.refused.push(refusedInput(file, tooMany(mostMembers)));
  }

  async #into(place: Place, bytes: Bytes): Promise<void> {
    try {
      if (isHead(place.key)) this.heads.set(place.key, bytes);
      else await this.#at(place, bytes, await peel(bytes));
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EACCES' || code === 'EPERM') this.#leave(place, bytes, 'unreadable');
      else this.refused.push(refusedInput(place.file, error));
    }
  }

  async #at(place: Place, bytes: Bytes, peeled: Peeled): Promise<void> {
    const { layers, begin, inside, damaged } = peeled;
    const archive = inside === 'zip' || isTar(begin);
    if (archive && place.depth === deepest)
      throw new ArchiveError(
        'NestedTooDeep',
        `it lies in ${deepest} archives: unpack them and replay the folder`,
      );
    if (inside === 'zip') return this.#zip(place, bytes, peeled);
    if (archive) return this.#tar(place, bytes, peeled);
    if (inside !== null) return this.#leave(place, bytes, inside);
    const encoding = encodingOf(begin);
    let content: Content = damaged ? 'other' : contentOf(decoded(begin, encoding), inflate);
    const input: Input = {
      ...{ file: place.file, key: place.key, size: bytes.size, bytes, layers, damaged, encoding, content },
      ...{ most: place.most },
      ...(place.order === undefined ? {} : { order: place.order }),
      ...(place.archive === undefined ? {} : { archive: place.archive }),
      ...(place.object && { object: place.object }),
    };
    if (content === 'json' || content === 'csv') content = await longer(input, begin);
    await this.#take({ ...input, content });
  }

  async #take(input: Input): Promise<void> {
    const { content } = input;
    const aside = asideOfKey(input.key);
    if (aside && (content === 'log' || content === 'records')) return this.#leave(input, input.bytes, aside);
    if (content === 'log') return void this.inputs.push(input);
    if (content === 'records' || content === 'notices' || content === 'csv-records') {
      const form = content === 'csv-records' ? 'csv' : 'json';
      const one = form === 'json' && (await isOneMessage(input));
      return void this.inputs.push(one ? input : { ...input, export: form });
    }
    // A name that CloudTrail gave says more than damaged or foreign bytes: the step that reads it refuses it by name.
    const named = logKeyParts(input.key) !== null || digestLocation(input.key) !== null;
    const isNamedJson = /\.json(?:\.gz)?$/.test(input.key);
    const forTheDoor =
      named ||
      (isNamedJson && (content === 'other' || content === 'empty')) ||
      (isNamedJson && content === 'json' && (await isForTheDoor(input)));
    if (forTheDoor) this.inputs.push(input);
    else this.#leave(input, input.bytes, isAthenaMetadata(input.key) ? 'metadata' : content);
  }

  async #zip(place: Place, bytes: Bytes, { layers }: Peeled): Promise<void> {
    const { most, path } = place;
    const inMemory = async () => {
      const whole = await allOf(unpacked(bytes.stream(), layers, most), mostNestedZips - this.#nestedZips);
      this.#nestedZips += whole?.length ?? 0;
      if (whole) return whole;
      throw new ArchiveError(
        'UnsupportedArchive',
        place.object && place.depth === 0
          ? 'it is a large zip in S3: copy it, and trace the copy'
          : 'it is a large zip within another archive: unpack that one',
      );
    };
    const source = path !== undefined && layers.length === 0 ? path : await inMemory();
    const size = typeof source === 'string' ? bytes.size : source.length;
    const members = await zipMembers(zipIn(source), { size, most, mostMembers: mostMembers - this.#members });
    const names = new Names(place);
    let encrypted = 0;
    for (const { name, kind, bytes: member } of members) {
      this.#count();
      if (kind === 'encrypted') encrypted += 1;
      else if (kind === 'link') this.#leave(names.of(name), member, 'member-link');
      else if (kind === 'file') await this.#into(names.of(name), member);
    }
    if (encrypted === 0) return;
    const which =
      encrypted === members.length ? 'it is' : `${encrypted} of its ${members.length} members are`;
    throw new ArchiveError(
      'EncryptedArchive',
      `${which} encrypted: unpack it with its password and replay the folder`,
    );
  }

  async #tar(place: Place, bytes: Bytes, { layers }: Peeled): Promise<void> {
    const tape = new Tape(() => unpacked(bytes.stream(), layers, place.most));
    const names = new Names(place);
    let before = this.#counts;
    try {
      for (let member = await tape.next(); member; member = await tape.next()) {
        before = this.#counts;
        this.#count();
        const { name, size, kind } = member;
        const found = tape.bytesOf(tape.index, size);
        const order = `${place.order ?? place.key}!${String(tape.index).padStart(7, '0')}`;
        if (kind === 'link') this.#leave(names.of(name), found, 'member-link');
        else if (kind === 'device') this.#leave(names.of(name), found, 'device');
        else if (kind === 'file') await this.#into({ ...names.of(name), order }, found);
      }
    } catch (error) {
      if (!(error instanceof ArchiveError)) throw error;
      const { index, passed } = tape;
      // The member under the head is not whole, and is told with its archive; those before it are read.
      if (passed === index) this.#takeBack(before);
      const rest = passed > 0 ? `; ${plural(passed, 'member')} before that could be read` : '';
      throw new ArchiveError(error.name, `${error.message}${rest}`, error);
    }
  }

  get #counts(): [number, number, number] {
    return [this.inputs.length, this.others.length, this.refused.length];
  }

  #takeBack(counts: [number, number, number]): void {
    [this.inputs.length, this.others.length, this.refused.length] = counts;
  }

  #count(): void {
    this.#members += 1;
    if (this.#members > mostMembers) throw tooMany(mostMembers);
  }

  #leave({ file, key }: { file: string; key: string }, { size }: Bytes, what: Other['what']): void {
    this.others.push({ file, key, size, what });
  }
}

/** An element that is longer than the first look: a look at more of it. */
async function longer(input: Input, begin: Buffer): Promise<Content> {
  if (begin.length < peeked) return input.content;
  const more = await headOf(unpacked(input.bytes.stream(), input.layers, input.most), longPeek);
  return contentOf(decoded(more, input.encoding), inflate);
}

/** Athena guide, "Query results": what stands beside each result, in a form of its own. */
function isAthenaMetadata(key: string): boolean {
  return /\.(?:csv|txt)\.metadata$/.test(key);
}
