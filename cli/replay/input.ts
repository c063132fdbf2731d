import type { Peeked } from './contents.ts';

/** A file to deliver. `key`: its path below the folder that was named, with `/`: the object's key. */
export interface Input {
  file: string;
  key: string;
  size: number;
  /** how it is packed, whatever its name says; absent: not looked at */
  packing?: Peeked['packing'];
  /** an export: the records in it make log files */
  isExport?: boolean;
}
