import { accessSync, constants, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { reasonFor } from '../deployment/unusable-folder.ts';
import { CliError, UsageError } from '../failure.ts';
import { noNames, type People, type Shown } from '../people/people.ts';
import { escapeJson } from '../views/text/clean.ts';

/** summary.json; fields and their order are the report contract's. `seconds`: from the first delivery to the last answer. */
export interface Summary {
  files: number;
  records: number;
  kept: number;
  dropped: number;
  rejected: number;
  duplicates: number;
  issuances: number;
  sessions: number;
  linkedCalls: number;
  unlinkedCalls: number;
  /** of the calls that are not linked, those whose record names who made them */
  deliveredCalls: number;
  quarantined: number;
  executions: { succeeded: number; failed: number };
  seconds: number;
}

/** Calls by how they were answered, each counted once. */
export interface Tally {
  linked: number;
  delivered: number;
  calls: number;
}

export function summaryOf(
  counts: Pick<Summary, 'files' | 'records' | 'kept' | 'dropped' | 'rejected' | 'duplicates'>,
  tally: Tally,
  rest: Pick<Summary, 'issuances' | 'sessions' | 'quarantined' | 'executions' | 'seconds'>,
): Summary {
  const { files, records, kept, dropped, rejected, duplicates } = counts;
  const { issuances, sessions, quarantined, executions, seconds } = rest;
  return {
    ...{ files, records, kept, dropped, rejected, duplicates, issuances, sessions },
    linkedCalls: tally.linked,
    unlinkedCalls: tally.calls - tally.linked,
    deliveredCalls: tally.delivered,
    quarantined,
    executions,
    seconds,
  };
}

/** Makes the folder and writes into it, before an hour of work is lost to a wrong name. Throws UsageError. */
export function checkReportFolder(folder: string): void {
  if (folder === '') throw new UsageError('--out names a folder: it is empty');
  try {
    if (statSync(folder, { throwIfNoEntry: false })?.isFile())
      throw new UsageError(`--out ${folder} is a file: name a folder`);
    mkdirSync(folder, { recursive: true });
    const probe = join(folder, `.roletrail-${process.pid}`);
    writeFileSync(probe, '');
    rmSync(probe);
    for (const name of files) checkFile(join(folder, name));
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const reason = reasonFor(error) ?? (error as Error).message;
    throw new UsageError(`--out ${folder}: the report cannot be written: ${reason}`, error);
  }
}

const files = ['calls.ndjson', 'sessions.ndjson', 'summary.json'];

/** Of an earlier report, or of somebody else: it has to be one that may be written over. */
function checkFile(file: string): void {
  const found = statSync(file, { throwIfNoEntry: false });
  if (!found) return;
  if (!found.isFile()) throw new UsageError(`${file} is no file, and the report would have one of that name`);
  accessSync(file, constants.W_OK);
}

/** The lines of a report, one or several at a time; `summary` is asked for when they are written. */
export interface Report {
  calls: Lines;
  sessions: Lines;
  summary(): Summary;
}

type Lines = Iterable<string> | AsyncIterable<string>;

/** Writes calls.ndjson, sessions.ndjson and summary.json into the folder, in this order. Throws CliError when it cannot be written. */
export async function writeReport(folder: string, { calls, sessions, summary }: Report): Promise<void> {
  try {
    mkdirSync(folder, { recursive: true });
    await writeLines(join(folder, 'calls.ndjson'), calls);
    await writeLines(join(folder, 'sessions.ndjson'), sessions);
    writeFileSync(join(folder, 'summary.json'), `${JSON.stringify(summary(), null, 2)}\n`);
  } catch (error) {
    // Half a report, or one beside files of an older one, reads as a whole one.
    for (const name of files) {
      const file = join(folder, name);
      if (statSync(file, { throwIfNoEntry: false })?.isFile()) rmSync(file);
    }
    if (error instanceof CliError) throw error;
    const reason = reasonFor(error) ?? (error as Error).message;
    throw new CliError(`cannot write the report to ${folder}: ${reason}`, 1, error);
  }
}

/** Lines of a report, with the names of the people in them. */
export function* linesOf(values: Iterable<Shown>, people: People = noNames): Generator<string> {
  for (const value of values) yield lineOf(value, people);
}

export function lineOf(value: Shown, people: People): string {
  return escapeJson(JSON.stringify(people.beside(value)));
}

/** In one piece of memory for all blocks: a stream would leave one for each to the garbage collector. */
async function writeLines(file: string, lines: Lines): Promise<void> {
  const handle = await open(file, 'w');
  try {
    let bytes = Buffer.allocUnsafe(2 * block);
    for await (const text of blocksOf(lines)) {
      const length = Buffer.byteLength(text);
      if (length > bytes.length) bytes = Buffer.allocUnsafe(2 * length);
      bytes.write(text);
      await handle.writeFile(bytes.subarray(0, length));
    }
  } finally {
    await handle.close();
  }
}

/** Characters that are written at once: a line at a time takes longer than what it says. */
const block = 128 * 1024;

async function* blocksOf(lines: Lines): AsyncGenerator<string> {
  let text = '';
  for await (const line of lines) {
    text += `${line}\n`;
    if (text.length < block) continue;
    yield text;
    text = '';
  }
  if (text !== '') yield text;
}
