import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { createGunzip, gzipSync } from 'node:zlib';
import { Elements } from '../../core/inputs/elements.ts';
import { recordsIn } from '../../core/inputs/unwrap.ts';
import { inflate } from './contents.ts';
import type { Input } from './input.ts';

/** Text of one log file that is made of an export: as much as CloudTrail's own hold. */
const mostText = 32 * 1024 * 1024;
const mostUnpacked = 64 * 1024 ** 3;

/** A log file that is made of the records in an export, each as it was written. */
export interface DecodedLog {
  key: string;
  /** gzip */
  body: Buffer;
}

/**
 * The records in an export, as log files of bounded size. `tell`: a sentence about what could not be read to its end.
 */
export async function* decodedLogs(
  input: Input,
  tell: (sentence: string) => void,
): AsyncGenerator<DecodedLog> {
  let records: string[] = [];
  let length = 0;
  let part = 0;
  const log = (): DecodedLog => {
    part += 1;
    const body = gzipSync(`{"Records":[${records.join(',\n')}]}`, { level: 1 });
    records = [];
    length = 0;
    return { key: `${input.key}.records${part === 1 ? '' : `-${part}`}.json.gz`, body };
  };
  const elements = new Elements();
  try {
    for await (const chunk of textOf(input)) {
      for (const element of elements.feed(chunk)) {
        for (const record of recordsIn(element, inflate)) {
          records.push(record);
          length += record.length;
        }
        if (length > mostText) yield log();
      }
    }
    if (elements.open) tell(`${input.file}: ends in the middle; what stands before that was read`);
  } catch (error) {
    tell(`${input.file}: not read to its end: ${(error as Error).message}`);
  }
  if (records.length > 0) yield log();
}

async function* textOf({ file, packing }: Input): AsyncGenerator<string> {
  const bytes = createReadStream(file, { highWaterMark: 1024 * 1024 });
  const text = packing === 'gzip' ? unpacked(bytes) : bytes;
  text.setEncoding('utf8');
  let read = 0;
  for await (const chunk of text as AsyncIterable<string>) {
    read += chunk.length;
    if (read > mostUnpacked) throw new Error('it unpacks to more than 64 GB');
    yield chunk;
  }
}

function unpacked(bytes: Readable): Readable {
  const gunzip = createGunzip({ chunkSize: 256 * 1024 });
  bytes.on('error', error => gunzip.destroy(error));
  return bytes.pipe(gunzip);
}
