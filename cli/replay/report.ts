import { createWriteStream, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { reasonFor } from '../deployment/unusable-folder.ts';
import { CliError, UsageError } from '../failure.ts';
import { noNames, type People, type Shown } from '../people/people.ts';
import { escapeJson } from '../views/text/clean.ts';
import { type Answers, reportedSession } from './answers.ts';
import type { Collected } from './collected.ts';

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

export function summaryOf(
  collected: Collected,
  answers: Answers,
  rest: Pick<Summary, 'files' | 'quarantined' | 'seconds'>,
): Summary {
  const { counts } = collected;
  const calls = answers.calls.filter(({ copyOf }) => copyOf === null);
  const linkedCalls = calls.filter(call => call.status === 'linked').length;
  return {
    files: rest.files,
    records: counts.records,
    kept: counts.kept,
    dropped: counts.dropped,
    rejected: counts.rejected,
    duplicates: counts.duplicates,
    issuances: collected.issuances.size,
    sessions: answers.sessions.length,
    linkedCalls,
    unlinkedCalls: calls.length - linkedCalls,
    deliveredCalls: calls.filter(call => call.status === 'delivered').length,
    quarantined: rest.quarantined,
    executions: { succeeded: collected.succeeded, failed: collected.failed.length },
    seconds: rest.seconds,
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
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const reason = reasonFor(error) ?? (error as Error).message;
    throw new UsageError(`--out ${folder} takes no report: ${reason}`, error);
  }
}

/** Writes summary.json, calls.ndjson and sessions.ndjson into the folder. Throws CliError when it cannot be written. */
export async function writeReport(
  folder: string,
  summary: Summary,
  answers: Answers,
  people: People = noNames,
): Promise<void> {
  try {
    mkdirSync(folder, { recursive: true });
    await writeLines(join(folder, 'calls.ndjson'), answers.calls, people);
    await writeLines(join(folder, 'sessions.ndjson'), answers.sessions.map(reportedSession), people);
    writeFileSync(join(folder, 'summary.json'), `${JSON.stringify(summary, null, 2)}\n`);
  } catch (error) {
    throw new CliError(`cannot write the report to ${folder}: ${(error as Error).message}`, 1, error);
  }
}

async function writeLines(file: string, values: readonly Shown[], people: People): Promise<void> {
  await pipeline(Readable.from(linesOf(values, people)), createWriteStream(file));
}

function* linesOf(values: readonly Shown[], people: People): Generator<string> {
  for (const value of values) yield `${escapeJson(JSON.stringify(people.beside(value)))}\n`;
}
