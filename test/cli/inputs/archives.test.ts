import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { gunzipSync, gzipSync, zstdCompressSync } from 'node:zlib';
import fc from 'fast-check';
import { zipSync } from 'fflate';
import { findInputs, type Input, readInput, readLog } from '../../../cli/inputs/inputs.ts';
import { memberKey } from '../../../cli/inputs/label.ts';

const archives = join(import.meta.dirname, 'archives');
const log = Buffer.from('{"Records":[]}');
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'roletrail-archives-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const write = (name: string, content: Uint8Array | string) => writeFileSync(join(folder, name), content);
const found = () => findInputs([folder]);
const textsOf = (inputs: Input[]) =>
  Array.fromAsync(inputs, async input => gunzipSync(await readLog(input)).toString());

/** A header as POSIX lays it out (ustar), and its bytes; see the real programs' in archives/. */
function member(name: string, content: Uint8Array, { type = '0', size = content.length } = {}): Buffer {
  const header = Buffer.alloc(512);
  header.write(name, 0, 100);
  header.write('0000644\0', 100);
  header.write(`${size.toString(8).padStart(11, '0')}\0`, 124);
  header.write(`        ${type}`, 148);
  header.write('ustar\x0000', 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return Buffer.concat([header, content, Buffer.alloc((512 - (content.length % 512)) % 512)]);
}
const tarOf = (...members: Buffer[]) => Buffer.concat([...members, Buffer.alloc(1024)]);

describe("archives of other programs are told by what they hold, and give up their members' bytes", () => {
  test.each(['ustar.tar', 'gnu.tgz', 'pax.tar.zst', 'v7.tar.gz', 'stored.zip', 'streamed.zip', 'zip64.zip'])(
    '%s, by whatever name',
    async name => {
      write('renamed', readFileSync(join(archives, name)));
      const { deliver, refused, others } = await found();
      expect(deliver.map(({ key }) => basename(key).replace(/^.*T070/, ''))).toEqual([
        '1Z_FirstOfTwoFiles1.json.gz',
        '2Z_OtherOfTwoFiles2.json.gz',
      ]);
      expect(deliver.every(({ file }) => file.startsWith(`${join(folder, 'renamed')}!/`))).toBe(true);
      const texts = await textsOf(deliver);
      expect(texts.map(text => JSON.parse(text).Records[0].eventName)).toEqual([
        'ListBuckets',
        'DeleteBucket',
      ]);
      expect(refused).toEqual([]);
      const long = `renamed!/long/${'folder-with-a-long-name/'.repeat(8)}notes.txt`;
      expect(others.map(({ key, what }) => [key, what])).toEqual(
        /gnu|pax/.test(name) ? [[long, 'other']] : [],
      );
    },
  );

  test('members of a tape are read in any order, and twice', async () => {
    write('a.tgz', readFileSync(join(archives, 'gnu.tgz')));
    const { deliver } = await found();
    const forth = [];
    for (const input of deliver) forth.push(await readInput(input));
    const back = [];
    for (const input of [...deliver].reverse()) back.unshift(await readInput(input));
    expect(back).toEqual(forth);
    expect(forth.map(bytes => gunzipSync(bytes).length > 0)).toEqual([true, true]);
  });

  test('an encrypted zip is refused in a sentence, and its neighbours are read', async () => {
    write('a.zip', readFileSync(join(archives, 'encrypted.zip')));
    write('log.json', log);
    const { deliver, refused } = await found();
    expect(deliver.map(({ key }) => key)).toEqual(['log.json']);
    expect(refused).toEqual([
      {
        file: join(folder, 'a.zip'),
        error: 'EncryptedArchive',
        message: expect.stringContaining('2 of its 9'),
      },
    ]);
  });
});

describe('packings', () => {
  const halves = [log.subarray(0, 5), log.subarray(5)];
  const skipped = Buffer.from('502a4d1803000000010203', 'hex');
  test.each<[string, Uint8Array]>([
    ['gzip of any name', gzipSync(log)],
    ['gzip in gzip', gzipSync(gzipSync(log))],
    ['several gzip members', Buffer.concat(halves.map(half => gzipSync(half)))],
    ['zstd', zstdCompressSync(log)],
    [
      'several zstd frames, and some to skip',
      Buffer.concat([skipped, ...halves.map(half => zstdCompressSync(half))]),
    ],
    ['UTF-16, little end first', Buffer.from(`\ufeff${log}`, 'utf16le')],
    ['UTF-16, big end first', Buffer.from(`\ufeff${log}`, 'utf16le').swap16()],
  ])('%s is the same log file', async (_, bytes) => {
    write('bytes', bytes);
    const { deliver } = await found();
    expect(deliver.map(({ key }) => key)).toEqual(['bytes.json.gz']);
    expect(await textsOf(deliver)).toEqual([String(log)]);
  });

  test('three layers, or a zstd that is cut off, are refused by name', async () => {
    write('a', gzipSync(gzipSync(gzipSync(log))));
    write('b.json', zstdCompressSync(log).subarray(0, 12));
    const { deliver, refused } = await found();
    expect(refused).toMatchObject([{ file: join(folder, 'a'), error: 'NestedTooDeep' }]);
    // It looks like a log file by its name alone: the step that reads it refuses it.
    expect(deliver.map(({ key }) => key)).toEqual(['b.json']);
  });
});

describe('hostile archives end in one sentence, and never harm their neighbours', () => {
  const errors = async () => (await found()).refused.map(({ file, error }) => `${basename(file)}: ${error}`);

  test('a bomb in a tar, behind a member that is read', async () => {
    const zeros = Buffer.alloc(300 * 1024 * 1024);
    write('bomb', zstdCompressSync(tarOf(member('a.json', log), member('b.json', zeros))));
    const { deliver, refused } = await found();
    expect(deliver.map(({ key }) => key)).toEqual(['bomb!/a.json']);
    expect(refused.map(({ error, message }) => `${error}: ${message}`)).toEqual([
      'ArchiveBomb: it unpacks to more than 200 times its size; 1 member before that could be read',
    ]);
  });

  test('a bomb in a zip, told by what it says of itself', async () => {
    const zip = Buffer.from(zipSync({ 'b.json': log }, { level: 1 }));
    // In the archive's directory: APPNOTE 4.3.12, uncompressed size.
    zip.writeUInt32LE(300 * 1024 * 1024, zip.indexOf('PK\x01\x02') + 24);
    write('told.zip', zip);
    expect(await errors()).toEqual(['told.zip: ArchiveBomb']);
  });

  test('a member that is longer than its zip says', async () => {
    const zip = Buffer.from(zipSync({ 'b.json': Buffer.alloc(1_000_000, ' ') }, { level: 1 }));
    const size = Buffer.from('40420f00', 'hex');
    // In both of its headers.
    for (let at = zip.indexOf(size); at >= 0; at = zip.indexOf(size)) zip.writeUInt32LE(100_000, at);
    write('lying.zip', zip);
    const [input] = (await found()).deliver;
    await expect(input && readInput(input)).rejects.toMatchObject({ name: 'DamagedArchive' });
  });

  test('two members of a tar that are read at once are no half members', async () => {
    const long = Buffer.concat([log, Buffer.alloc(5_000_000, ' ')]);
    write('a.tar', tarOf(member('a.json', long), member('b.json', long)));
    const { deliver } = await found();
    await expect(Promise.all(deliver.map(readInput))).rejects.toThrow('read at once');
  });

  test('archives in archives in archives in archives', async () => {
    let inner: Uint8Array = tarOf(member('log.json', log));
    for (const name of ['3.tar', '2.tar', '1.tar']) inner = tarOf(member(name, inner));
    write('0.tar', inner);
    expect(await errors()).toEqual(['3.tar: NestedTooDeep']);
  });

  test.each<[string, Uint8Array, string]>([
    ['a header that is damaged', tarOf(member('a.json', log), Buffer.alloc(512, 7)), 'DamagedArchive'],
    [
      'an end in the middle',
      tarOf(member('a.json', log), member('b.json', Buffer.alloc(2000, 32))).subarray(0, 1800),
      'TruncatedArchive',
    ],
    [
      'sparse files',
      tarOf(member('a.json', log), member('b.json', log, { type: 'S' })),
      'UnsupportedArchive',
    ],
    [
      'a name of gigabytes',
      tarOf(member('a.json', log), member('././@LongLink', log, { type: 'L', size: 2 ** 30 })),
      'DamagedArchive',
    ],
  ])('a tar with %s: what stands before is read', async (_, bytes, error) => {
    write('a.tar', bytes);
    expect(await errors()).toEqual([`a.tar: ${error}`]);
    expect((await found()).deliver.map(({ key }) => key)).toEqual(['a.tar!/a.json']);
  });

  test("a zip whose member's bytes were changed, and one without its end", async () => {
    const zip = Buffer.from(
      zipSync({ 'a.json': log, 'b.json': Buffer.from('{"Records":[] }') }, { level: 0 }),
    );
    zip[zip.indexOf('Records')] = 0x52 ^ 1;
    write('a.zip', zip);
    write('b.zip', zip.subarray(0, zip.length - 40));
    expect(await errors()).toEqual(['a.json: DamagedArchive', 'b.zip: TruncatedArchive']);
  });
});

test('whatever bytes of an archive are changed or missing, its neighbours are read', async () => {
  write('log.json', log);
  const real = ['ustar.tar', 'gnu.tgz', 'pax.tar.zst', 'stored.zip', 'streamed.zip', 'zip64.zip'].map(name =>
    readFileSync(join(archives, name)),
  );
  const change = fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    byte: fc.nat(255),
    cut: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...real),
      fc.array(change, { minLength: 1, maxLength: 3 }),
      async (bytes, changes) => {
        let changed = Buffer.from(bytes);
        for (const { at, byte, cut } of changes) {
          const place = Math.min(changed.length - 1, Math.floor(at * changed.length));
          if (cut && place > 0) changed = changed.subarray(0, place);
          else changed[place] = byte;
        }
        write('archive', changed);
        const { deliver, refused } = await found();
        expect(deliver.map(({ key }) => key)).toContain('log.json');
        for (const { message } of refused) expect(message).not.toBe('');
      },
    ),
    { numRuns: 200 },
  );
});

describe("a member's name is only a label", () => {
  test.each([
    ['../../etc/passwd', 'a.zip!/(..)/(..)/etc/passwd'],
    ['/abs//./x.json', 'a.zip!/abs/x.json'],
    ['C:\\logs\\x.json', 'a.zip!/C:/logs/x.json'],
    ['x\u202egnp.json\n', 'a.zip!/x\\u{202e}gnp.json\\u{a}'],
    ['', 'a.zip!/(no name)'],
  ])('%j', (name, key) => {
    expect(memberKey('a.zip', name)).toBe(key);
  });

  test('a key has no more bytes than S3 takes, and its end says what it is', () => {
    const key = memberKey('a.zip', `${'ü'.repeat(2000)}.json.gz`);
    expect(Buffer.byteLength(key)).toBeLessThan(1024);
    expect(key).toMatch(/\.json\.gz$/);
    expect(key).not.toBe(memberKey('a.zip', `${'ü'.repeat(2001)}.json.gz`));
  });

  test('two members of one name are two sources', async () => {
    write('a.tar', tarOf(member('x.json', log), member('x.json', log)));
    expect((await found()).deliver.map(({ key }) => key)).toEqual(['a.tar!/x.json', 'a.tar!/x.json~2.json']);
  });
});

test('what lies in an archive is told like what lies in a folder', async () => {
  mkdirSync(join(folder, 'logs'));
  const config = gzipSync('{"fileVersion":"1.0","configSnapshotId":"x","configurationItems":[]}');
  const flow = gzipSync('version account-id interface-id\n');
  write(
    'logs/a.tar',
    tarOf(
      member('c.json.gz', config),
      member('f.gz', flow),
      member('l', Buffer.alloc(0), { type: '2' }),
      member('log', log),
    ),
  );
  const { deliver, others } = await found();
  expect(deliver.map(({ key }) => key)).toEqual(['logs/a.tar!/log.json']);
  expect(others.map(({ what }) => what)).toEqual(['config', 'flow-logs', 'member-link']);
});
