import type { Content } from '../../core/inputs/content.ts';
import type { Packing } from '../../core/inputs/packing.ts';
import type { Bytes } from './bytes.ts';
import type { S3Object } from './s3-object.ts';
import type { Encoding } from './text.ts';

/** A source to read: a file, or a member of an archive. */
export interface Input {
  /** what it is called: a path, or `ARCHIVE!/MEMBER` */
  file: string;
  /** its place below the path that was named, with `/`: the object's key */
  key: string;
  /** bytes as they lie there */
  size: number;
  bytes: Bytes;
  /** what its beginning looks like; `other` below a name that CloudTrail gave is a broken log file */
  content: Content;
  /** how it is packed, from the outermost, whatever its name says */
  layers: readonly Packing[];
  /** the innermost layer cannot be unpacked: whoever reads it says why */
  damaged: boolean;
  encoding: Encoding;
  /** bytes that it may unpack to */
  most: number;
  /** in what form an export holds its records, which make log files; absent: it is none */
  export?: 'json' | 'csv';
  /** where it lies in archives that can only be read from their beginning; absent: it can be read at any time */
  order?: string;
  /** the key of the outermost archive that it is a member of, with its `!/` */
  archive?: string;
  /** the object in S3 that it is, or lies in; absent: a file on disk */
  object?: S3Object;
}
