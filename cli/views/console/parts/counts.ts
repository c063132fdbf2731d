import { lastPart } from '../../../../core/records/arn.ts';
import { isObject } from '../../../../core/records/read.ts';

export type Numbers = Record<string, number>;

/** The counts that a state's input or output carries; none where it carries none. */
export function numbersIn(value: unknown): Numbers {
  const counts = isObject(value) && isObject(value.counts) ? value.counts : {};
  return Object.fromEntries(
    Object.entries(counts).filter((entry): entry is [string, number] => typeof entry[1] === 'number'),
  );
}

/** The counts that a state changed. */
export function changed(input: unknown, output: unknown): [string, number][] {
  const before = numbersIn(input);
  return Object.entries(numbersIn(output)).filter(([name, count]) => count !== (before[name] ?? 0));
}

/** What an execution was started with, in a few words: the file's name and how many more, or the events' sender. */
export function sourceText(input: unknown): string {
  if (!isObject(input)) return '–';
  if (input.entry === 'events') {
    return input.provenance === 'partner' ? "partner's events" : 'events';
  }
  const sources = Array.isArray(input.sources) ? input.sources : [];
  const first = isObject(sources[0]) && typeof sources[0].key === 'string' ? sources[0].key : null;
  if (first === null) return '–';
  const rest = sources.length - 1;
  return `${lastPart(first)}${rest > 0 ? ` and ${rest} more` : ''}`;
}
