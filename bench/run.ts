import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { sizeOf } from './arguments.ts';
import { contest, race, ratios, type Timing } from './compute.ts';
import { generate } from './generator.ts';
import { type Figure, figureLine, met } from './goals.ts';
import { installed } from './installed.ts';
import { machine } from './machine.ts';
import { memoryOfSteps } from './memory.ts';
import { persistFigures } from './persist.ts';
import { traceFigures } from './trace.ts';

const usage = `node bench/run.ts [--rounds 5] [--bytes 50MB] [--trace 200MB] [--only-trace] [--json .roletrail/bench.json] [--duckdb PATH]

Compares the steps with gunzip alone, the article's function and DuckDB (or jq) on the same files in one run.
  --rounds  runs of each, in turns; the median counts
  --bytes   JSON in the log files
  --trace   JSON in the folder that is traced beside DuckDB; the goals are for 1GB
  --only-trace   nothing but that
  --json    where the figures go
  --duckdb  the package @duckdb/node-api, where it is not installed here`;

const say = (line: string) => process.stdout.write(`${line}\n`);

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    bytes: { type: 'string', default: '50MB' },
    trace: { type: 'string', default: '200MB' },
    'only-trace': { type: 'boolean', default: false },
    json: { type: 'string', default: join('.roletrail', 'bench.json') },
    duckdb: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) say(usage);
else await bench();

async function bench(): Promise<void> {
  const bytes = sizeOf('--bytes', values.bytes);
  const rounds = sizeOf('--rounds', values.rounds);
  const scratch = mkdtempSync(join(tmpdir(), 'roletrail-bench-'));
  const about = machine();
  say(`${about.cpu}, ${about.cores} cores, ${about.memoryGB} GB, node ${about.node}, load ${about.load}`);
  if (!about.oneCore) say('taskset is not here: the runs may spread over several cores');
  const duckdb = values.duckdb ?? installed('@duckdb/node-api');
  const { contestants, absent } = await contest(scratch, duckdb);
  for (const who of absent) say(`skipped ${who}`);
  const figures: Figure[] = [];
  const timings: (Timing & { files: string })[] = [];
  try {
    for (const [kept, fileBytes, what] of values['only-trace']
      ? []
      : ([
          ['1', bytes, 'one file'],
          ['10', bytes, 'one file'],
          ['100', bytes, 'one file'],
          ['1', 2e6, 'small files'],
        ] as const)) {
      const label = `${kept} % kept, ${what}`;
      const out = mkdtempSync(join(scratch, 'trail-'));
      const made = await generate({ out, bytes, fileBytes, kept: Number(kept) / 100, seed: 1 });
      say(
        `\n${label}: ${made.files.length} x ${megabytes(made.bytes / made.files.length)} of JSON, ${made.records} records, ${made.calls} calls under the role (${made.lookalikes} of one whose name begins like it)`,
      );
      const raced = await race({ contestants, absent }, made, rounds);
      for (const { name, seconds, recordsPerSecond, megabytesPerSecond } of raced) {
        say(
          `  ${name.padEnd(20)}${seconds.toFixed(3).padStart(8)} s ${Math.round(recordsPerSecond).toLocaleString('en-US').padStart(10)} records/s ${Math.round(megabytesPerSecond).toString().padStart(5)} MB/s`,
        );
      }
      timings.push(...raced.map(timing => ({ files: label, ...timing })));
      // Goals are for the single file.
      figures.push(...ratios(raced, what === 'one file' ? kept : '', label));
      if (what === 'one file') figures.push(...(await memoryOfSteps(made.files, scratch, label)));
    }
    if (!values['only-trace']) figures.push(...(await persistFigures(scratch, Math.min(rounds, 3))));
    figures.push(...(await traceFigures(scratch, sizeOf('--trace', values.trace), duckdb, say)));
    say('');
    for (const figure of figures) say(figureLine(figure));
    mkdirSync(dirname(values.json), { recursive: true });
    const written = figures.map(figure => ({ ...figure, met: met(figure) }));
    writeFileSync(values.json, `${JSON.stringify({ machine: about, timings, figures: written }, null, 2)}\n`);
    say(`\nfigures in ${values.json}`);
  } finally {
    for (const contestant of contestants) contestant.end();
    rmSync(scratch, { recursive: true, force: true });
  }
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
