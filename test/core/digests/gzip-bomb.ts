import { constants, crc32, deflateRawSync, gzipSync } from 'node:zlib';

const megabyte = Buffer.alloc(1024 * 1024);

/** The gzip of so many megabytes of zeros, whole and valid: one of them is packed, and stands there as often. */
export function gzipBomb(megabytes: number): Buffer {
  const packed = deflateRawSync(megabyte, { finishFlush: constants.Z_FULL_FLUSH });
  const lastBlock = deflateRawSync('');
  const end = Buffer.alloc(8);
  let sum = 0;
  for (let at = 0; at < megabytes; at += 1) sum = crc32(megabyte, sum);
  end.writeUInt32LE(sum);
  end.writeUInt32LE(megabytes * megabyte.length, 4);
  const header = gzipSync('').subarray(0, 10);
  return Buffer.concat([header, ...new Array<Buffer>(megabytes).fill(packed), lastBlock, end]);
}
