import type { Aside } from '../records/aside.ts';
import { CsvRows } from './csv.ts';
import { Elements } from './elements.ts';
import { type Inflate, type Unwrapped, unwrap } from './unwrap.ts';

/**
 * What a file holds, told by its first bytes: `log` has `Records`, as CloudTrail writes them; `records` and `csv-records` hold
 * CloudTrail records in another wrapping, `notices` the names of log files; `columns`, `csv` results of queries without whole
 * records; `json` any other JSON; the rest no records of CloudTrail.
 */
export type Content =
  | 'log'
  | Aside
  | 'records'
  | 'csv-records'
  | 'notices'
  | 'json'
  | 'columns'
  | 'csv'
  | 'config'
  | 'flow-logs'
  | 'signature'
  | 'write-test'
  | 'empty'
  | 'other';

/** Elements of a file that are looked into. */
const mostLookedInto = 20;

/** `text`: the beginning of a file, unpacked; `inflate`: see {@link unwrap}. */
export function contentOf(text: string, inflate: Inflate): Content {
  const begin = text.replace(/^\ufeff/, '').trimStart();
  if (begin === '') return 'empty';
  if (/^\S{4,40}Z \s*[{[]/.test(begin) || begin.startsWith('{') || begin.startsWith('['))
    return jsonContent(begin, inflate);
  const [line = '', next = ''] = begin.slice(0, 4000).split('\n', 2);
  // What CloudWatch Logs writes to try a bucket, before an export (CloudWatch Logs guide, Export log data to Amazon S3).
  if (/^Permission Check Successful/.test(line)) return 'write-test';
  // VPC guide, flow log records: a header of field names, or the default fields, version first.
  if (/^version account-id /.test(line) || /^\d+ (?:\d{12}|unknown) eni-/.test(line)) return 'flow-logs';
  const columns = /^"?[\w @.-]+"?((?:,"?[\w @.-]*"?)*)\r?$/.exec(line)?.[1];
  // One or two words on a line are a table only where JSON stands below them.
  if (columns !== undefined && (columns.split(',').length > 2 || /(?:^|,)"?\{/.test(next)))
    return csvContent(begin, inflate);
  return 'other';
}

function jsonContent(text: string, inflate: Inflate): Content {
  const head = text.slice(0, 4000);
  // AWS Config guide, "Example configuration snapshot" and history: their own members, and the check file that it writes.
  if (/^\{\s*"fileVersion"\s*:/.test(text) && /"config(?:SnapshotId|urationItems)"/.test(head))
    return 'config';
  // CloudTrail guide, "CloudTrail Lake sign file structure": what stands beside the files of a query's result.
  if (/"hashSignature"\s*:/.test(head) && /"queryCompleteTime"\s*:/.test(head)) return 'signature';
  if (hasRecords(text)) return wholeAside(text, inflate) ?? 'log';
  const found = lookedInto(jsonElements(text), inflate);
  if (found) return found;
  return /^\{(?:[^{}[\]]*[,{])?\s*"(?:ResultSet|QueryResultRows)"\s*:/.test(head) ? 'columns' : 'json';
}

function csvContent(text: string, inflate: Inflate): Content {
  return lookedInto(csvCells(text), inflate) === 'records' ? 'csv-records' : 'csv';
}

/** What the first elements hold; null: neither records nor notices. */
function lookedInto(elements: Iterable<string>, inflate: Inflate): 'records' | 'notices' | Aside | null {
  let looked = 0;
  let [notices, aside] = [false, null as Aside | null];
  try {
    for (const element of elements) {
      const found: Unwrapped = unwrap(element, inflate);
      if (found.records.length > 0) return 'records';
      notices ||= found.notices.length > 0;
      aside ??= found.aside[0] ?? null;
      looked += 1;
      if (looked === mostLookedInto) break;
    }
  } catch {
    // What is longer than any record is none.
  }
  return notices ? 'notices' : aside;
}

/** What a log file holds that has no calls at all; null where it may have, or where this beginning does not show all of it. */
function wholeAside(text: string, inflate: Inflate): Aside | null {
  const elements = new Elements();
  let aside: Aside | null = null;
  for (const element of elements.feed(text)) {
    const found = unwrap(element, inflate);
    if (found.aside.length === 0) return null;
    aside ??= found.aside[0] ?? null;
  }
  return elements.open ? null : aside;
}

function jsonElements(text: string): Generator<string> {
  return new Elements().feed(text);
}

function* csvCells(text: string): Generator<string> {
  const rows = new CsvRows();
  for (const row of rows.feed(text)) yield* row.filter(isObjectText);
  for (const row of rows.end()) yield* row.filter(isObjectText);
}

/** May this cell of a table hold a whole record? */
export function isObjectText(cell: string): boolean {
  return /^\s*\{/.test(cell);
}

/** Is `Records` a member of the outermost object, and are they CloudTrail's, not those of a function's event? */
function hasRecords(text: string): boolean {
  const [, first] = /^\{\s*"Records"\s*:\s*\[\s*(.{0,2000})/s.exec(text) ?? whole(text);
  if (first === undefined) return false;
  // Lambda guide: events of S3, SQS, SNS and Kinesis; their first member tells them, or their source.
  return !/^\{\s*"(?:messageId|EventSource|kinesis|recordId)"|"[eE]ventSource"\s*:\s*"aws:|"receiptHandle"\s*:/.test(
    first,
  );
}

/** `Records` that other members stand before, in a file that the beginning holds whole. */
function whole(text: string): [string, string] | [] {
  try {
    const value = JSON.parse(text) as { Records?: unknown };
    const { Records: records } = value;
    return Array.isArray(records) ? [text, JSON.stringify(records[0] ?? null).slice(0, 2000)] : [];
  } catch {
    return [];
  }
}
