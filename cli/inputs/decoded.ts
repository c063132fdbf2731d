import { gzipSync } from 'node:zlib';
import { ArchiveError } from '../../core/inputs/archive-error.ts';
import { isObjectText } from '../../core/inputs/content.ts';
import { CsvRows } from '../../core/inputs/csv.ts';
import { Elements } from '../../core/inputs/elements.ts';
import type { Notice } from '../../core/inputs/notices.ts';
import { unwrap } from '../../core/inputs/unwrap.ts';
import type { Aside } from '../../core/records/aside.ts';
import { plural } from '../views/text/format.ts';
import { inflate } from './inflate.ts';
import type { Input } from './input.ts';
import { ObjectError } from './s3-object.ts';
import { textOf } from './text.ts';
import { unpacked } from './unpacked.ts';

/** Text of one log file that is made of an export: as much as CloudTrail's own hold. */
const mostText = 32 * 1024 * 1024;
const mostNamed = 5;

const asideNames: Record<Aside, [string, string]> = {
  insights: ['Insights event', 'Insights events'],
  'network-activity': ['network activity event', 'network activity events'],
  aggregated: ['aggregated event', 'aggregated events'],
};

/** A log file that is made of the records in an export, each as it was written. */
export interface DecodedLog {
  key: string;
  /** gzip */
  body: Buffer;
}

export interface Decoding {
  /** takes a sentence about what was not read, or holds no record; `amiss`: it may have held calls */
  tell(sentence: string, amiss: boolean): void;
  /** is the file here that a notice announces? absent: none is */
  isHere?: (notice: Notice) => boolean;
}

/** The records in an export, as log files of bounded size. */
export async function* decodedLogs(input: Input, decoding: Decoding): AsyncGenerator<DecodedLog> {
  let records: string[] = [];
  let length = 0;
  let part = 0;
  const log = (): DecodedLog => {
    part += 1;
    const body = gzipSync(`{"Records":[${records.join(',\n')}]}`, { level: 1 });
    records = [];
    length = 0;
    return { key: `${input.key}.records${part === 1 ? '' : `-${part}`}.json.gz`, body };
  };
  for await (const record of recordsOf(input, decoding)) {
    records.push(record);
    length += record.length;
    if (length > mostText) yield log();
  }
  if (records.length > 0) yield log();
}

/** The JSON texts of the records in an export, as they were written; memory holds one element of it. */
export async function* recordsOf(
  input: Input,
  { tell, isHere = () => false }: Decoding,
): AsyncGenerator<string> {
  const announced = { count: 0, named: [] as string[] };
  const aside = new Map<Aside, number>();
  let [elements, without] = [0, 0];
  try {
    for await (const element of elementsOf(input, tell)) {
      const found = unwrap(element, inflate);
      elements += 1;
      // The first row of Athena's results has the names of the columns (Athena API, GetQueryResults).
      without += elements === 1 && /^\{\s*"Data"/.test(element) ? 0 : found.without;
      for (const each of found.aside) aside.set(each, (aside.get(each) ?? 0) + 1);
      for (const notice of found.notices) {
        if (isHere(notice)) continue;
        announced.count += 1;
        if (announced.named.length < mostNamed) announced.named.push(`s3://${notice.bucket}/${notice.key}`);
      }
      yield* found.records;
    }
  } catch (error) {
    if (!isOfTheInput(error)) throw error;
    tell(`${input.file}: not read to its end: ${error.message}`, true);
  }
  if (announced.count > 0) {
    const more = announced.count - announced.named.length;
    tell(
      `${input.file} announces ${plural(announced.count, 'file')} whose content is not here: ${announced.named.join(', ')}${more > 0 ? ` and ${more.toLocaleString('en-US')} more` : ''}`,
      true,
    );
  }
  for (const [what, count] of aside)
    tell(`${input.file}: ${plural(count, ...asideNames[what])} in it left out: they are no calls`, false);
  if (without > 0)
    tell(`${input.file}: ${plural(without, 'element')} in it without a CloudTrail record left out`, true);
}

async function* elementsOf(input: Input, tell: Decoding['tell']): AsyncGenerator<string> {
  const { bytes, layers, most, encoding } = input;
  const text = textOf(unpacked(bytes.stream(), layers, most), encoding);
  if (input.export === 'csv') {
    const rows = new CsvRows();
    for await (const chunk of text) for (const row of rows.feed(chunk)) yield* row.filter(isObjectText);
    for (const row of rows.end()) yield* row.filter(isObjectText);
    return;
  }
  const elements = new Elements();
  for await (const chunk of text) yield* elements.feed(chunk);
  if (elements.open) tell(`${input.file}: ends in the middle; what stands before that was read`, true);
}

/** What a source's own bytes are to blame for, or the system that gives them. */
function isOfTheInput(error: unknown): error is Error {
  const { code = '', name } = error as NodeJS.ErrnoException;
  return (
    error instanceof ArchiveError ||
    error instanceof ObjectError ||
    name === 'ElementTooLong' ||
    /^E[A-Z0-9]+$/.test(code)
  );
}
