import { gunzipSync } from 'node:zlib';
import { AuditedRoles } from '../../../core/identities/roles.ts';
import { TrailAccounts } from '../../../core/reading/accounts.ts';
import type { Refusal } from '../../../steps/transport/payloads.ts';
import { fileBytes } from '../../inputs/bytes.ts';
import { decodedLogs } from '../../inputs/decoded.ts';
import type { Input } from '../../inputs/input.ts';
import { nameOfKey } from '../../inputs/name-of-key.ts';
import { type RefusedInput, refusedInput } from '../../inputs/refused.ts';
import { contradiction, nameOfRecord } from './contradiction.ts';
import type { Job, ReadWith, Said, Sentences } from './jobs.ts';
import { LogText } from './log-text.ts';
import type { Part, ReadSource } from './part.ts';
import { Block, type Log, type LogTools, nameOfLog, readLog } from './read-log.ts';
import { Reading } from './read-source.ts';
import { accountOf, Rows } from './rows.ts';

/** Rows that are handed on before their file ends: only a file that is larger than CloudTrail's has as many. */
const mostRows = 8_000;
/** What is said at once: so many rows, whatever files they are of. */
const rowsTogether = 4_000;
/** What may be said and not yet taken: so memory does not grow where others write more slowly. */
const mostUntaken = 4;

/** Does jobs one after the other. */
export class Worker {
  readonly #tools: LogTools;
  readonly #say: (said: Said) => void;
  /** accounts of which a file has told that their logs hold calls that only read */
  readonly #tellReads = new Set<string | null>();
  #parts: Part[] = [];
  #rows = 0;
  #told: Sentences = { problems: [], notes: [] };
  readonly #names: ReadonlySet<string>;
  #untaken = 0;
  #onTaken: (() => void) | null = null;

  constructor({ auditedRoles, trailAccounts, bucket, keys }: ReadWith, say: (said: Said) => void) {
    const roles = new AuditedRoles([...auditedRoles]);
    const accounts = new TrailAccounts([...trailAccounts]);
    this.#tools = { reading: new Reading(roles, accounts), accounts, bucket, block: new Block() };
    this.#say = say;
    this.#names = new Set(keys.map(nameOfKey));
  }

  /** What was said last has been taken. */
  taken(): void {
    this.#untaken -= 1;
    this.#onTaken?.();
  }

  async work(jobs: readonly Job[]): Promise<void> {
    for (const job of jobs) {
      const { input } = job;
      try {
        await this.#read(job, { ...input, bytes: input.bytes ?? fileBytes(input.file, input.size) });
      } catch (error) {
        this.#say({ error: { file: input.file, message: (error as Error).message } });
        return;
      }
    }
    await this.#handOn(true);
  }

  async #read(job: Job, input: Input): Promise<void> {
    if (input.export) return this.#export(job, input);
    try {
      await this.#file(job, input);
    } catch (error) {
      // What the source is to blame for is its own refusal; its neighbours are read.
      await this.#add(new Rows().part(unread(job.index, refusedInput(input.file, error)), false));
    }
  }

  async #file({ index, first, except }: Job, input: Input): Promise<void> {
    const { key } = input;
    const text = new LogText(input);
    const span = { time: first, reads: !this.#tellReads.has(accountOf(key)) };
    const log = { input: index, member: 0, key, size: input.size, span };
    await this.#log({ ...log, text: () => text.read(), bytesHash: () => text.hash() }, except);
  }

  async #export({ index, except }: Job, input: Input): Promise<void> {
    let member = 0;
    const tell = (sentence: string, amiss: boolean) =>
      (amiss ? this.#told.problems : this.#told.notes).push(sentence);
    const isHere = ({ key }: { key: string }) => this.#names.has(nameOfKey(key));
    for await (const { key, body } of decodedLogs(input, { tell, isHere })) {
      member += 1;
      const text = async function* () {
        yield gunzipSync(body);
      };
      const span = { time: false, reads: !this.#tellReads.has(accountOf(key)) };
      await this.#log(
        { input: index, member, key, size: body.length, span, text, bytesHash: () => null },
        except,
      );
    }
  }

  async #log(log: Log, except: readonly string[]): Promise<void> {
    const excepted = new Set(except);
    const refusals: Refusal[] = [];
    let rows = new Rows();
    const source = await readLog(log, this.#tools, {
      onKept: (kept, { start, end, offset }) => {
        if (excepted.size === 0 || !excepted.has(nameOfRecord({ ...kept.setting, ...kept.occurrence })))
          rows.add({ offset, length: end - start }, kept);
        else refusals.push(contradiction({ ...kept.setting, ...kept.occurrence }));
      },
      flush: async () => {
        if (rows.count < mostRows) return;
        await this.#add(rows.part(begunSource(log, this.#tools.bucket), true));
        rows = new Rows();
      },
    });
    const whole = source.outcome === 'read';
    if (whole && source.reads) this.#tellReads.add(accountOf(log.key));
    if (whole) source.refusals.push(...refusals);
    await this.#add((whole ? rows : new Rows()).part(source, false));
  }

  async #add(part: Part): Promise<void> {
    this.#parts.push(part);
    this.#rows += part.rows;
    if (this.#rows >= rowsTogether) await this.#handOn(false);
  }

  async #handOn(ended: boolean): Promise<void> {
    this.#say({ parts: this.#parts, told: this.#told, ended });
    this.#parts = [];
    this.#told = { problems: [], notes: [] };
    this.#rows = 0;
    this.#untaken += 1;
    while (!ended && this.#untaken > mostUntaken)
      await new Promise<void>(resolve => {
        this.#onTaken = resolve;
      });
  }
}

/** Of a log that is not read to its end yet. */
function begunSource({ input, member, key }: Log, bucket: string): ReadSource {
  return {
    ...{ input, member, name: nameOfLog(bucket, key), key, bytesHash: null },
    ...{ records: 0, kept: 0, normalized: 0, earliest: null, reads: false, otherAccounts: 0 },
    outcome: 'read',
    refusals: [],
  };
}

/** Of a source that cannot be read. */
function unread(input: number, { file, error, message }: RefusedInput): ReadSource {
  return {
    ...{ input, member: 0, name: file, key: null, bytesHash: null },
    ...{ records: 0, kept: 0, normalized: 0, earliest: null, reads: false, otherAccounts: 0 },
    outcome: 'refused',
    refusals: [{ step: 'Replay', error, message, source: file }],
  };
}
