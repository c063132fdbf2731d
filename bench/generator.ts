import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { account, region } from './generator/accounts.ts';
import { Background, type Generated } from './generator/background.ts';
import { Random } from './generator/random.ts';
import { AuditedSessions } from './generator/sessions.ts';

export interface GeneratorOptions {
  /** the folder the files go into, under the keys CloudTrail gives them */
  out: string;
  /** bytes of JSON over all files */
  bytes: number;
  /** bytes of JSON a file holds at least: 2 MB make about 0.2 MB of gzip */
  fileBytes: number;
  /** the share of calls under the audited role: 0.01 is one in a hundred */
  kept: number;
  seed: number;
}

/** What was generated, and so what a right answer counts. */
export interface Generation {
  files: string[];
  bytes: number;
  gzipBytes: number;
  records: number;
  /** calls under the audited role */
  calls: number;
  /** credentials handed out, for the audited role or on the way to it */
  issuances: number;
  /** refused attempts to assume the audited role */
  denied: number;
  /** calls of a role whose name begins like the audited one */
  lookalikes: number;
}

const began = Date.UTC(2026, 2, 4);
const chunkBytes = 64 * 1024;

/** Writes CloudTrail log files, each streamed to disk; the same options make the same bytes. */
export async function generate(options: GeneratorOptions): Promise<Generation> {
  const random = new Random(options.seed);
  const trail = trailOf(options.kept, random);
  const made: Generation = {
    files: [],
    bytes: 0,
    gzipBytes: 0,
    records: 0,
    calls: 0,
    issuances: 0,
    denied: 0,
    lookalikes: 0,
  };
  while (made.bytes < options.bytes) {
    const file = join(options.out, keyOf(made.files.length, random));
    await mkdir(dirname(file), { recursive: true });
    const room = Math.min(options.fileBytes, options.bytes - made.bytes);
    const gzip = createGzip({ chunkSize: 256 * 1024 });
    gzip.on('data', (chunk: Buffer) => {
      made.gzipBytes += chunk.length;
    });
    await pipeline(Readable.from(fileText(trail, room, made)), gzip, createWriteStream(file));
    made.files.push(file);
  }
  return made;
}

/** Records without end, a second for every hundred. */
function* trailOf(kept: number, random: Random): Generator<Generated> {
  const background = new Background(random, began);
  const sessions = new AuditedSessions(random);
  for (let made = 0; ; made += 1) {
    const time = began + Math.floor(made / 100) * 1000;
    if (random.chance(kept)) yield* sessions.next(time);
    else yield background.next(time);
  }
}

function* fileText(trail: Generator<Generated>, bytes: number, made: Generation): Generator<string> {
  let pending = '{"Records":[';
  let written = 0;
  let separator = '';
  for (const { text, kind } of taken(trail)) {
    made.records += 1;
    if (kind === 'call') made.calls += 1;
    else if (kind === 'issuance') made.issuances += 1;
    else if (kind === 'denied') made.denied += 1;
    else if (kind === 'lookalike') made.lookalikes += 1;
    pending += separator + text;
    separator = ',';
    written += Buffer.byteLength(text) + 1;
    if (written >= bytes) break;
    if (pending.length < chunkBytes) continue;
    yield pending;
    pending = '';
  }
  made.bytes += written;
  yield `${pending}]}`;
}

// A `for` over the generator itself would end it with the first file.
function* taken(trail: Generator<Generated>): Generator<Generated> {
  for (;;) {
    const { value, done } = trail.next();
    if (done) return;
    yield value;
  }
}

/** As CloudTrail names its files: one every five minutes (CloudTrail guide, log file names). */
function keyOf(index: number, random: Random): string {
  const time = new Date(began + index * 300_000).toISOString();
  const [date = ''] = time.split('T');
  const stamp = `${time.slice(0, 16).replace(/[-:]/g, '')}Z`;
  const folder = `AWSLogs/${account}/CloudTrail/${region}/${date.replaceAll('-', '/')}`;
  return `${folder}/${account}_CloudTrail_${region}_${stamp}_${random.id('', 16)}.json.gz`;
}
