import { gunzipSync } from 'node:zlib';
import { sha256 } from '../../../core/hash.ts';
import { AuditedRoles } from '../../../core/identities/roles.ts';
import { TrailAccounts } from '../../../core/reading/accounts.ts';
import type { Refusal } from '../../../steps/transport/payloads.ts';
import { decodedLogs } from '../../replay/decoded.ts';
import { contradiction, nameOfRecord } from './contradiction.ts';
import type { Job, ReadWith, Said } from './jobs.ts';
import type { Part, ReadSource } from './part.ts';
import { Block, type Log, type LogTools, nameOfLog, readLog } from './read-log.ts';
import { Reading } from './read-source.ts';
import { accountOf, Rows } from './rows.ts';
import { FileBytes } from './text-of.ts';

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
  #problems: string[] = [];
  #untaken = 0;
  #onTaken: (() => void) | null = null;

  constructor({ auditedRoles, trailAccounts, bucket }: ReadWith, say: (said: Said) => void) {
    const roles = new AuditedRoles([...auditedRoles]);
    const accounts = new TrailAccounts([...trailAccounts]);
    this.#tools = { reading: new Reading(roles, accounts), accounts, bucket, block: new Block() };
    this.#say = say;
  }

  /** What was said last has been taken. */
  taken(): void {
    this.#untaken -= 1;
    this.#onTaken?.();
  }

  async work(jobs: readonly Job[]): Promise<void> {
    for (const job of jobs) {
      try {
        if (job.input.isExport) await this.#export(job);
        else await this.#file(job);
      } catch (error) {
        this.#say({ error: { file: job.input.file, message: (error as Error).message } });
        return;
      }
    }
    await this.#handOn(true);
  }

  async #file({ index, input, first, except }: Job): Promise<void> {
    const { file, key, size } = input;
    const span = { time: first, reads: !this.#tellReads.has(accountOf(key)) };
    const bytes = new FileBytes(file);
    const text = () => bytes.text(size, key.endsWith('.gz'));
    await this.#log({ input: index, member: 0, key, size, span, text, bytesHash: () => bytes.hash }, except);
  }

  async #export({ index, input, except }: Job): Promise<void> {
    let member = 0;
    for await (const { key, body } of decodedLogs(input, sentence => this.#problems.push(sentence))) {
      member += 1;
      const text = async function* () {
        yield gunzipSync(body);
      };
      const span = { time: false, reads: false };
      const bytesHash = () => sha256(body);
      await this.#log({ input: index, member, key, size: body.length, span, text, bytesHash }, except);
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
    this.#say({ parts: this.#parts, problems: this.#problems, ended });
    this.#parts = [];
    this.#problems = [];
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
