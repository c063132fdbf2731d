import type { Content } from '../../core/inputs/content.ts';
import { clean } from '../views/text/clean.ts';
import { plural } from '../views/text/format.ts';
import type { Paint } from '../views/text/paint.ts';
import type { Input } from './input.ts';

/** A file that is not delivered, and what it is. */
export interface Other extends Input {
  what:
    | Exclude<Content, 'log' | 'records'>
    | 'not-of-a-trail'
    | 'broken-link'
    | 'folder-link'
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
  archive: {
    called: ['archive', 'archives'],
    why: 'unpack it (tar, unzip, zstd) and replay the folder',
    amiss: true,
  },
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
  device: { called: ['pipe or device', 'pipes or devices'], why: 'not a file', amiss: true },
  unreadable: {
    called: ['file or folder', 'files or folders'],
    why: 'your user may not read it',
    amiss: true,
  },
};

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
