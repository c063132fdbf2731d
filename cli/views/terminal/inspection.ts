import { isObject, type Json } from '../../../core/records/read.ts';
import type { Attempt, StateVisit } from '../../queries/history.ts';
import type { Inspection } from '../../queries/inspection.ts';
import { clean, cleanLines } from '../text/clean.ts';
import { day, duration, plural, shorten } from '../text/format.ts';
import { shownJson } from '../text/masked.ts';
import type { Paint } from '../text/paint.ts';
import { causeMessage } from './cause.ts';

/** Strings longer than this are cut unless the whole is asked for: data that travels inline, mostly. */
const longestString = 160;
/** Elements of a list that are shown before the rest is only counted. */
const mostElements = 3;

export function inspectionLines(inspection: Inspection, paint: Paint, full: boolean): string[] {
  const { name, status, started, ended, error, cause, quarantine, arn } = inspection;
  const took = started && ended ? `, took ${duration(Date.parse(ended) - Date.parse(started))}` : '';
  const lines = [
    `${paint.bold(clean(name))} ${coloured(status, paint)}`,
    `  ${paint.dim(clean(arn))}`,
    `  started ${day(started)}${took}`,
  ];
  const reason = [error, causeMessage(cause)].filter(part => part).join(': ');
  if (reason) lines.push(`  ${paint.red(clean(reason))}`);
  if (quarantine) lines.push(`  set aside in quarantine: ${clean(quarantine)}`);
  let before: unknown = null;
  for (const visit of inspection.states) {
    lines.push('', ...stateLines(visit, before, paint, full));
    before = visit.output;
  }
  return lines;
}

function stateLines(visit: StateVisit, before: unknown, paint: Paint, full: boolean): string[] {
  const { name, type, entered, exited, attempts, input, output } = visit;
  const took = entered && exited ? duration(Date.parse(exited) - Date.parse(entered)) : 'not left';
  const tries = attempts.length > 1 ? `, ${plural(attempts.length, 'attempt')}` : '';
  const lines = [`${paint.bold(clean(name))} ${paint.dim(`${type}, ${took}${tries}`)}`];
  for (const [index, attempt] of attempts.entries()) {
    if (attempts.length > 1 || attempt.outcome !== 'succeeded') {
      lines.push(`  attempt ${index + 1}: ${attemptText(attempt, paint)}`);
    }
  }
  const counts = countsText(input, output);
  if (counts) lines.push(`  ${counts}`);
  // A state's input is the output of the one before, and a choice hands on what it got: neither is news.
  if (full || !same(input, before)) lines.push(...jsonLines('input', input, paint, full));
  if (full || !same(output, input)) lines.push(...jsonLines('output', output, paint, full));
  return lines;
}

function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

function attemptText({ outcome, started, ended, error, cause }: Attempt, paint: Paint): string {
  const took = started && ended ? ` after ${duration(Date.parse(ended) - Date.parse(started))}` : '';
  const reason = [error, causeMessage(cause)].filter(part => part).join(': ');
  const colour = outcome === 'succeeded' ? paint.green : outcome === 'running' ? paint.yellow : paint.red;
  return `${colour(outcome)}${took}${reason ? `: ${clean(reason)}` : ''}`;
}

/** The counts that this state changed, in the order of the flow. */
function countsText(input: unknown, output: unknown): string {
  const before = countsOf(input);
  return Object.entries(countsOf(output))
    .filter(([name, count]) => count !== (before[name] ?? 0))
    .map(([name, count]) => `${clean(name)} ${count}`)
    .join(', ');
}

function countsOf(value: unknown): Json {
  return isObject(value) && isObject(value.counts) ? value.counts : {};
}

function jsonLines(title: string, value: unknown, paint: Paint, full: boolean): string[] {
  if (value === null) return [];
  const shown = full ? value : shortened(value);
  const text = full ? shownJson(shown, 2) : cleanLines(shownJson(shown));
  return [`  ${paint.dim(title)}`, ...text.split('\n').map(line => `    ${line}`)];
}

/** Fields that say the same at every state. */
const everywhere = ['step', 'provenance', 'receivedAt', 'deliveredAt', 'counts'];

/** The value without what a reader's eye does not need: long strings and lists cut, data named by place and size. */
export function shortened(value: unknown): unknown {
  if (typeof value === 'string') return shorten(value, longestString);
  if (Array.isArray(value)) {
    const rest = value.length - mostElements;
    return rest > 0
      ? [...value.slice(0, mostElements).map(shortened), `… ${rest} more`]
      : value.map(shortened);
  }
  if (!isObject(value)) return value;
  if (typeof value.sha256 === 'string') return dataText(value);
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, each]) =>
      everywhere.includes(name) ? [] : [[name, shortened(each)]],
    ),
  );
}

/** A DataRef: where the data is, and how large its gzip. */
function dataText({ bucket, key, bytes }: Json): string {
  return `${bytes} bytes ${bucket ? `in s3://${bucket}/${key}` : 'inline'}`;
}

export function coloured(status: string, paint: Paint): string {
  if (status === 'SUCCEEDED') return paint.green(status);
  return status === 'RUNNING' ? paint.yellow(status) : paint.red(status);
}
