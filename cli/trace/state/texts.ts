import { gunzipSync } from 'node:zlib';
import { sha256 } from '../../../core/hash.ts';
import { CliError } from '../../failure.ts';
import { decodedLogs } from '../../inputs/decoded.ts';
import { type Input, readInput } from '../../inputs/inputs.ts';
import { LogText } from '../reading/log-text.ts';
import { FoundAgain } from './found-again.ts';
import type { State } from './state.ts';

/** Where a record lies. `hash`: SHA-256 (hex) of its bytes. */
export interface Place {
  source: number;
  offset: number;
  length: number;
  hash: string;
}

/** In a sentence why a record cannot be read any more. `error`: what kept it from being read. */
interface Missing {
  missing: string;
  error?: unknown;
}

interface Source {
  input: number;
  member: number;
  path: string;
}

/** Bytes of text that are held for the next record: several of one file are asked for one after the other. */
const mostHeld = 64 * 1024 * 1024;

/** The texts of records, read again from the files that they lie in. */
export class Texts {
  readonly #state: State;
  readonly #found: FoundAgain;
  readonly #held = new Map<number, Promise<Buffer>>();
  #bytes = 0;
  /** a member of an archive is read when no other is */
  #before: Promise<unknown> = Promise.resolve();

  constructor(state: State) {
    this.#state = state;
    this.#found = new FoundAgain(state);
  }

  /** The record's text. `missing` says in a sentence why it cannot be read any more. */
  async read({ source, offset, length, hash }: Place): Promise<{ text: string } | Missing> {
    const sql = 'SELECT input, member, path FROM sources JOIN inputs USING (input) WHERE source = ?';
    const from = this.#state.get<Source>(sql, source);
    if (!from) return { missing: `the state does not say where source ${source} lies` };
    let bytes: Buffer;
    try {
      bytes = (await this.#textOf(source, from)).subarray(offset, offset + length);
    } catch (error) {
      return { missing: whyMissing(from.path, error as NodeJS.ErrnoException), error };
    }
    if (sha256(bytes) !== hash) return { missing: `${from.path} has changed since it was traced` };
    return { text: bytes.toString('utf8') };
  }

  /** Asked for again while it is read, it is read once. */
  #textOf(source: number, from: Source): Promise<Buffer> {
    const known = this.#held.get(source);
    if (known) return known;
    const text = this.#before.then(() => this.#wholeText(from));
    this.#before = text.catch(() => {});
    if (this.#bytes > mostHeld) {
      this.#held.clear();
      this.#bytes = 0;
    }
    this.#held.set(source, text);
    text.then(
      ({ length }) => {
        this.#bytes += length;
      },
      () => this.#held.delete(source),
    );
    return text;
  }

  /** Nothing where its file does not hold it any more: no record is in that. */
  async #wholeText({ input: number, member }: Source): Promise<Buffer> {
    const found = await this.#found.input(number);
    if (!found) return Buffer.alloc(0);
    const { input, kind } = found;
    if (kind === 'export') return memberText(input, member);
    if (kind === 'event') return recordOf(await readInput(input));
    const chunks: Buffer[] = [];
    // A chunk's memory may be given back when the next is asked for.
    for await (const chunk of new LogText(input).read()) chunks.push(Buffer.from(chunk));
    return Buffer.concat(chunks);
  }
}

function whyMissing(path: string, error: NodeJS.ErrnoException): string {
  // No file's fault, and it names the file.
  if (error instanceof CliError) return error.message;
  if (error.code === 'ENOENT' || error.name === 'ObjectNotFound') return `${path} is not there any more`;
  if (error.name === 'ObjectChanged') return `${path} has changed since it was traced`;
  return `${path} cannot be read: ${error.message}`;
}

async function memberText(input: Input, member: number): Promise<Buffer> {
  let at = 0;
  for await (const { body } of decodedLogs(input, { tell: () => {} })) {
    at += 1;
    if (at === member) return gunzipSync(body);
  }
  return Buffer.alloc(0);
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
