import { memberKey } from './label.ts';
import type { S3Object } from './s3-object.ts';

/** Where some bytes lie. */
export interface Place {
  file: string;
  key: string;
  /** see Input */
  order?: string;
  archive?: string;
  object?: S3Object;
  /** archives around it */
  depth: number;
  /** bytes that all in the outermost file may unpack to */
  most: number;
  /** the file on disk, where it is one */
  path?: string;
}

/** The places of an archive's members. A name that comes twice is two members, as tar's `--append` makes them. */
export class Names {
  readonly #archive: Place;
  readonly #seen = new Map<string, number>();

  constructor(archive: Place) {
    this.#archive = archive;
  }

  of(name: string): Place {
    const { file, key, depth, most, order, archive, object } = this.#archive;
    const first = memberKey(key, name);
    const times = (this.#seen.get(first) ?? 0) + 1;
    this.#seen.set(first, times);
    const own = times === 1 ? first : `${first}~${times}`;
    return {
      file: `${file}${own.slice(own.indexOf('!/', own.startsWith(key) ? key.length : 0))}`,
      key: own,
      depth: depth + 1,
      most,
      archive: archive ?? `${key}!/`,
      ...(order === undefined ? {} : { order }),
      ...(object && { object }),
    };
  }
}
