/** How bytes are packed that can be unpacked here: one stream, or an archive of members. */
export type Packing = 'gzip' | 'zstd';

/** What is told by its first bytes and not opened. */
export type Unopened = 'bzip2' | 'xz' | '7z' | 'rar' | 'lz4' | 'parquet' | 'orc' | 'avro' | 'macos';

const magics: [Packing | 'zip' | Unopened, ...number[][]][] = [
  // RFC 1952; RFC 8878, and its skippable frames, which pzstd begins with
  ['gzip', [0x1f, 0x8b]],
  [
    'zstd',
    [0x28, 0xb5, 0x2f, 0xfd],
    ...Array.from({ length: 16 }, (_, low) => [0x50 + low, 0x2a, 0x4d, 0x18]),
  ],
  // APPNOTE 4.3: a member, an archive without any, one of several volumes
  ['zip', [0x50, 0x4b, 3, 4], [0x50, 0x4b, 5, 6], [0x50, 0x4b, 7, 8]],
  ['bzip2', [0x42, 0x5a, 0x68]],
  ['xz', [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0]],
  ['7z', [0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c]],
  ['rar', [0x52, 0x61, 0x72, 0x21, 0x1a, 7]],
  ['lz4', [0x04, 0x22, 0x4d, 0x18]],
  ['parquet', [0x50, 0x41, 0x52, 0x31]],
  ['orc', [0x4f, 0x52, 0x43]],
  ['avro', [0x4f, 0x62, 0x6a, 1]],
  // What macOS puts beside files and into archives: AppleDouble (RFC 1740), .DS_Store
  ['macos', [0, 5, 0x16, 7], [0, 0, 0, 1, 0x42, 0x75, 0x64, 0x31]],
];

/** Told by the first bytes; null: they are packed in no known way. */
export function packingOf(bytes: Uint8Array): Packing | 'zip' | Unopened | null {
  for (const [packing, ...beginnings] of magics) {
    if (beginnings.some(magic => magic.every((byte, index) => bytes[index] === byte))) return packing;
  }
  return null;
}
