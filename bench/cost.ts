import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { percentOf, sizeOf } from './arguments.ts';
import { costDocument, typical } from './cost/document.ts';

const usage = `node bench/cost.ts [--files-per-day 100000] [--file-mb 0.2] [--kept 1] [--batch 100]

What a million log files cost, by list prices, against the article's design; and over batch sizes.
  --file-mb   MB of gzip a file has
  --kept      records kept, percent
  --batch     files an execution handles
  --write     a file to write it to, instead of showing it`;

const { values } = parseArgs({
  options: {
    'files-per-day': { type: 'string', default: String(typical.filesPerDay) },
    'file-mb': { type: 'string', default: String(typical.fileMB) },
    kept: { type: 'string', default: String(typical.kept * 100) },
    batch: { type: 'string', default: String(typical.batch) },
    write: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) process.stdout.write(`${usage}\n`);
else {
  const document = costDocument({
    filesPerDay: sizeOf('--files-per-day', values['files-per-day']),
    fileMB: positive('--file-mb', values['file-mb']),
    kept: percentOf('--kept', values.kept),
    batch: sizeOf('--batch', values.batch),
  });
  if (values.write) writeFileSync(values.write, document);
  else process.stdout.write(document);
}

function positive(option: string, text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new RangeError(`${option}: '${text}' is not a number above 0`);
  return value;
}
