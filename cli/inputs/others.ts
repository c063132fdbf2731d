import type { Content } from '../../core/inputs/content.ts';
import type { Unopened } from '../../core/inputs/packing.ts';
import { clean } from '../views/text/clean.ts';
import { plural } from '../views/text/format.ts';
import type { Paint } from '../views/text/paint.ts';
/** A file that is not delivered, and what it is. */
export interface Other {
  file: string;
  key: string;
  size: number;
  what:
    | Exclude<Content, 'log' | 'records' | 'csv-records' | 'notices'>
    | Unopened
    | 'metadata'
    | 'not-of-a-trail'
    | 'broken-link'
    | 'folder-link'
    | 'member-link'
    | 'device'
    | 'unreadable';
}

/**
 * What is said of each kind. `[one, many]` is what it is called; `amiss`: it may have held records of CloudTrail, or nobody can tell, so that
 * the replay is not whole.
 */
const kinds: Record<Other['what'], { called: [string, string]; why: string; amiss: boolean }> = {
  config: { called: ['file of AWS Config', 'files of AWS Config'], why: 'they hold no calls', amiss: false },
  'flow-logs': { called: ['VPC flow log', 'VPC flow logs'], why: 'they hold no calls', amiss: false },
  empty: { called: ['empty file', 'empty files'], why: 'they hold nothing', amiss: false },
  json: {
    called: ['other JSON file', 'other JSON files'],
    why: 'without CloudTrail records, and not a notification of log files',
    amiss: true,
  },
  csv: {
    called: ['CSV file', 'CSV files'],
    why: 'columns are not whole records: download JSON, or query eventJson',
    amiss: true,
  },
  columns: {
    called: ['query result', 'query results'],
    why: 'columns are not whole records: query eventJson in CloudTrail Lake, or replay the log files that Athena read',
    amiss: true,
  },
  insights: {
    called: ['file of Insights events', 'files of Insights events'],
    why: 'they tell rates, and hold no calls',
    amiss: false,
  },
  'network-activity': {
    called: ['file of network activity events', 'files of network activity events'],
    why: "a VPC endpoint owner's records, beside the calls' own in the log files",
    amiss: false,
  },
  aggregated: {
    called: ['file of aggregated events', 'files of aggregated events'],
    why: 'they are sums of data events, and hold no calls',
    amiss: false,
  },
  signature: {
    called: ['sign file of CloudTrail Lake', 'sign files of CloudTrail Lake'],
    why: 'they hold no calls',
    amiss: false,
  },
  'write-test': {
    called: ['test file of CloudWatch Logs', 'test files of CloudWatch Logs'],
    why: 'they hold no calls',
    amiss: false,
  },
  metadata: {
    called: ['metadata file of Athena', 'metadata files of Athena'],
    why: 'they hold no calls',
    amiss: false,
  },
  macos: { called: ['file of the Finder', 'files of the Finder'], why: 'they hold no calls', amiss: false },
  bzip2: packed('bzip2', 'bunzip2 FILE'),
  xz: packed('xz', 'unxz FILE'),
  lz4: packed('lz4', 'unlz4 FILE'),
  '7z': packed('7-Zip', '7z x FILE'),
  rar: packed('RAR', 'unrar x FILE'),
  parquet: table('Parquet'),
  orc: table('ORC'),
  avro: table('Avro'),
  other: { called: ['file', 'files'], why: 'not JSON, and not a known format', amiss: true },
  'not-of-a-trail': {
    called: ['file', 'files'],
    why: 'a deployed stack reads only files below AWSLogs/ with the names that CloudTrail gave them: replay the folder that holds AWSLogs, or leave out --target aws',
    amiss: true,
  },
  'broken-link': {
    called: ['broken link', 'broken links'],
    why: 'the target is missing',
    amiss: true,
  },
  'folder-link': {
    called: ['link to a folder', 'links to folders'],
    why: 'not followed: name the folder itself',
    amiss: true,
  },
  'member-link': {
    called: ['link in an archive', 'links in archives'],
    why: 'not followed; what it leads to in the same archive is read there',
    amiss: false,
  },
  device: { called: ['pipe or device', 'pipes or devices'], why: 'not a file', amiss: true },
  unreadable: {
    called: ['file or folder', 'files or folders'],
    why: 'your user may not read it',
    amiss: true,
  },
};

/** A packing that is told and not unpacked. */
function packed(name: string, command: string): (typeof kinds)[Other['what']] {
  const called: [string, string] = [`file packed with ${name}`, `files packed with ${name}`];
  return {
    called,
    why: `roletrail reads gzip, zstd, zip and tar: unpack it first (${command})`,
    amiss: true,
  };
}

function table(name: string): (typeof kinds)[Other['what']] {
  const why = 'columns are not whole records: replay the log files that they were made of';
  return { called: [`${name} file`, `${name} files`], why, amiss: true };
}

const mostNamed = 5;

/** One line for each kind of file that was not delivered, with the names of a few. */
export function otherLines(others: readonly Other[], paint: Paint): string[] {
  return [...Map.groupBy(others, ({ what }) => what)].map(([what, files]) => {
    const { called, why, amiss } = kinds[what];
    const named = files.slice(0, mostNamed).map(({ file }) => clean(file));
    const rest = files.length - named.length;
    const more = rest > 0 ? ` and ${rest.toLocaleString('en-US')} more` : '';
    const head = amiss ? paint.yellow('not read') : 'not read';
    return `  ${head}: ${plural(files.length, ...called)} (${why}): ${named.join(', ')}${more}`;
  });
}

/** Was something left out that may have held records? */
export function someAmiss(others: readonly Other[]): boolean {
  return others.some(({ what }) => kinds[what].amiss);
}
