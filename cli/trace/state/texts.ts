import { gunzipSync } from 'node:zlib';
import { sha256 } from '../../../core/hash.ts';
import { decodedLogs } from '../../replay/decoded.ts';
import type { Input } from '../../replay/input.ts';
import { FileBytes } from '../reading/text-of.ts';
import type { State } from './state.ts';

/** Where a record lies. `hash`: SHA-256 (hex) of its bytes. */
export interface Place {
  source: number;
  offset: number;
  length: number;
  hash: string;
}

/** Bytes of text that are held for the next record: several of one file are asked for one after the other. */
const mostHeld = 64 * 1024 * 1024;

/** The texts of records, read again from the files that they lie in. */
export class Texts {
  readonly #state: State;
  readonly #held = new Map<number, Promise<Buffer>>();
  #bytes = 0;

  constructor(state: State) {
    this.#state = state;
  }

  /** The record's text. `missing` says in a sentence why it cannot be read any more. */
  async read({ source, offset, length, hash }: Place): Promise<{ text: string } | { missing: string }> {
    const file = this.#fileOf(source);
    if (!file) return { missing: `the state does not say where source ${source} lies` };
    let bytes: Buffer;
    try {
      bytes = (await this.#textOf(source, file)).subarray(offset, offset + length);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      const why = code === 'ENOENT' ? 'is not there any more' : `cannot be read: ${(error as Error).message}`;
      return { missing: `${file.file} ${why}` };
    }
    if (sha256(bytes) !== hash) return { missing: `${file.file} has changed since it was traced` };
    return { text: bytes.toString('utf8') };
  }

  /** Asked for again while it is read, it is read once. */
  #textOf(source: number, { member, kind, ...input }: FileRow): Promise<Buffer> {
    const known = this.#held.get(source);
    if (known) return known;
    const text = wholeText({ ...input, isExport: kind === 'export' }, kind, member);
    if (this.#bytes > mostHeld) {
      this.#held.clear();
      this.#bytes = 0;
    }
    this.#held.set(source, text);
    void text.then(
      ({ length }) => {
        this.#bytes += length;
      },
      () => this.#held.delete(source),
    );
    return text;
  }

  #fileOf(source: number): FileRow | undefined {
    return this.#state.get<FileRow>(
      `SELECT file, inputs.key AS key, member, kind, size, packing FROM sources JOIN inputs USING (input) WHERE source = ?`,
      source,
    );
  }
}

interface FileRow {
  file: string;
  key: string;
  member: number;
  kind: string;
  size: number;
  packing: 'plain' | 'gzip';
}

async function wholeText(input: Input, kind: string, member: number): Promise<Buffer> {
  if (kind === 'export') {
    let at = 0;
    for await (const { body } of decodedLogs(input, () => {})) {
      at += 1;
      if (at === member) return gunzipSync(body);
    }
    return Buffer.alloc(0);
  }
  const chunks: Buffer[] = [];
  // A chunk's memory may be given back when the next is asked for.
  const packed = kind === 'log' && input.key.endsWith('.gz');
  for await (const chunk of new FileBytes(input.file).text(input.size, packed))
    chunks.push(Buffer.from(chunk));
  const text = Buffer.concat(chunks);
  return kind === 'event' ? recordOf(text) : text;
}

/** The record in an EventBridge event, also in an SNS envelope, as it was read (see reading/read-events.ts). */
function recordOf(message: Buffer): Buffer {
  const outer = JSON.parse(message.toString('utf8')) as {
    Type?: unknown;
    Message?: unknown;
    detail?: unknown;
  };
  const event =
    outer.Type === 'Notification' ? (JSON.parse(String(outer.Message)) as { detail?: unknown }) : outer;
  return Buffer.from(JSON.stringify(event.detail ?? null));
}
