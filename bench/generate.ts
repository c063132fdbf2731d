import { parseArgs } from 'node:util';
import { percentOf, sizeOf } from './arguments.ts';
import { generate } from './generator.ts';

const usage = `node bench/generate.ts --out DIR [--bytes 100MB] [--file-bytes 2MB] [--kept 1] [--seed 1]

Writes CloudTrail log files and prints what is in them.
  --bytes       JSON over all files; 500KB, 100MB, 1GB
  --file-bytes  JSON a file holds; 2MB make about 0.2 MB of gzip
  --kept        calls under the audited role, percent
  --seed        the same seed makes the same bytes`;

const { values } = parseArgs({
  options: {
    out: { type: 'string' },
    bytes: { type: 'string', default: '100MB' },
    'file-bytes': { type: 'string', default: '2MB' },
    kept: { type: 'string', default: '1' },
    seed: { type: 'string', default: '1' },
    help: { type: 'boolean', default: false },
  },
});

if (values.help || !values.out) {
  process.stderr.write(`${usage}\n`);
  process.exitCode = values.help ? 0 : 2;
} else {
  const made = await generate({
    out: values.out,
    bytes: sizeOf('--bytes', values.bytes),
    fileBytes: sizeOf('--file-bytes', values['file-bytes']),
    kept: percentOf('--kept', values.kept),
    seed: sizeOf('--seed', values.seed),
  });
  process.stdout.write(`${JSON.stringify({ ...made, files: made.files.length })}\n`);
}
