import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { logKeyParts } from '../../core/records/log-key.ts';

type LogRecord = Record<string, unknown>;

/**
 * Published logs name another account in their records than in their files, or have names of their own: writes them as CloudTrail
 * would have delivered them, one file for each account and region of a file's records, named after these. A file whose name
 * tells no time is named after its last record. Records without an account or a time are left out.
 */
export function namedAfterRecords(from: string, to: string): void {
  for (const [number, file] of logFiles(from).entries()) {
    const known = logKeyParts(file);
    const records = recordsOf(file).filter(isWhole);
    const places = Map.groupBy(
      records,
      each => `${each.recipientAccountId}/${each.awsRegion ?? 'us-east-1'}`,
    );
    for (const [place, own] of places) {
      const [account, region] = place.split('/');
      const last =
        own
          .map(({ eventTime }) => String(eventTime))
          .sort()
          .at(-1) ?? '';
      const time = known?.time ?? delivery(last);
      const folder = join(
        to,
        'AWSLogs',
        String(account),
        'CloudTrail',
        String(region),
        time.slice(0, 4),
        time.slice(4, 6),
        time.slice(6, 8),
      );
      mkdirSync(folder, { recursive: true });
      const name = `${account}_CloudTrail_${region}_${time}_${String(number).padStart(16, 'x')}.json`;
      writeFileSync(join(folder, name), JSON.stringify({ Records: own }));
    }
  }
}

function isWhole({ recipientAccountId, eventTime }: LogRecord): boolean {
  return /^\d{12}$/.test(String(recipientAccountId)) && !Number.isNaN(Date.parse(String(eventTime)));
}

/** A set with one record a line has each in an object that says where it is from. */
function wrapped(line: LogRecord): LogRecord {
  return (line.record as LogRecord | undefined) ?? line;
}

/** Five minutes after a file's last record, as CloudTrail mostly does. */
function delivery(last: string): string {
  const time = new Date(Date.parse(last) + 5 * 60_000).toISOString();
  return `${time.slice(0, 16).replace(/[-:]/g, '')}Z`;
}

function logFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile() && /\.jsonl?(\.gz)?$/.test(entry.name))
    .map(entry => join(entry.parentPath, entry.name))
    .sort((a, b) => (basename(a) < basename(b) ? -1 : 1));
}

function recordsOf(file: string): LogRecord[] {
  const bytes = readFileSync(file);
  const text = (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
  if (/\.jsonl/.test(file))
    return text
      .split('\n')
      .filter(Boolean)
      .map(line => wrapped(JSON.parse(line) as LogRecord));
  const { Records = [] } = JSON.parse(text) as { Records?: LogRecord[] };
  return Array.isArray(Records) ? Records : [];
}
