import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { percentOf, sizeOf } from './arguments.ts';
import { joinedByDuckDb } from './duckdb-join.ts';
import { auditedRoleArn } from './generator/accounts.ts';
import { type Generation, generate } from './generator.ts';
import { type Figure, figureLine, met } from './goals.ts';
import { installed } from './installed.ts';
import { machine } from './machine.ts';
import { measured, type Ran } from './processes.ts';

const usage = `node bench/replay.ts [--bytes 100MB | --full] [--kept 10] [--json .roletrail/bench-replay.json] [--duckdb PATH]

Replays a generated folder as a user does, and the same with a table that keeps nothing, against DuckDB answering only
the join. --full is 1GB. Sizes from 10 MB on show whether the time is linear.`;

const { values } = parseArgs({
  options: {
    bytes: { type: 'string', default: '100MB' },
    full: { type: 'boolean', default: false },
    kept: { type: 'string', default: '10' },
    json: { type: 'string', default: join('.roletrail', 'bench-replay.json') },
    duckdb: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});

const say = (line: string) => process.stdout.write(`${line}\n`);
const here = import.meta.dirname;
/** What the goals speak of; of a smaller replay they say nothing. */
const goalBytes = 1e9;
const mostMemory = 1300;

interface Summary {
  records: number;
  kept: number;
  linkedCalls: number;
  unlinkedCalls: number;
  quarantined: number;
}

if (values.help) say(usage);
else await bench();

async function bench(): Promise<void> {
  const largest = values.full ? 1e9 : sizeOf('--bytes', values.bytes);
  const kept = percentOf('--kept', values.kept);
  const scratch = mkdtempSync(join(tmpdir(), 'roletrail-bench-'));
  const duckdb = values.duckdb ?? installed('@duckdb/node-api');
  const figures: Figure[] = [];
  const about = machine();
  say(`${about.cpu}, ${about.cores} cores, node ${about.node}, load ${about.load}`);
  try {
    const runs: { made: Generation; ran: Ran }[] = [];
    for (const [index, bytes] of sizesTo(largest).entries()) {
      const out = join(scratch, `logs-${bytes}`);
      const made = await generate({ out, bytes, fileBytes: 2e6, kept, seed: 2 });
      // Once before any counts: the first replay of a configuration makes its stack, which is kept for the others.
      if (index === 0) await replay(out, made, scratch);
      const ran = await replay(out, made, scratch);
      runs.push({ made, ran });
      show(`replay of ${megabytes(bytes)}, ${made.records} records`, ran);
    }
    const last = runs.at(-1);
    if (!last) throw new RangeError('no size to replay');
    const logs = join(scratch, `logs-${largest}`);
    const bare = await withoutTable(env => replay(logs, last.made, scratch, env));
    show('the same with a table that keeps nothing', bare);
    figures.push(...memory(last.ran), ...linear(runs));
    if (duckdb) {
      const joined = await joinedByDuckDb(duckdb, logs, last.made);
      show(`DuckDB, the join alone: ${joined.said.trim()}`, joined);
      figures.push(
        against('DuckDB / replay', joined, last.ran),
        against('DuckDB / replay without the table', joined, bare),
      );
    } else
      say(
        'skipped DuckDB: npm install @duckdb/node-api in any folder, then --duckdb FOLDER/node_modules/@duckdb/node-api',
      );
    if (largest < goalBytes) for (const figure of figures) delete figure.goal;
    say(largest < goalBytes ? '\nthe goals are for 1GB: --full holds the figures against them' : '');
    for (const figure of figures) say(figureLine(figure));
    mkdirSync(dirname(values.json), { recursive: true });
    const written = figures.map(figure => ({ ...figure, met: met(figure) }));
    writeFileSync(
      values.json,
      `${JSON.stringify({ machine: about, runs, bare, figures: written }, null, 2)}\n`,
    );
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** 10 MB, the largest, and one between them by the same factor. */
function sizesTo(largest: number): number[] {
  const smallest = 10e6;
  if (largest <= smallest) return [largest];
  return [smallest, Math.round(Math.sqrt(smallest * largest)), largest];
}

/** One replay by the command itself into a fresh state. Throws when its counts are not what the files hold. */
async function replay(
  logs: string,
  made: Generation,
  scratch: string,
  environment: NodeJS.ProcessEnv = {},
): Promise<Ran> {
  const [state, out] = [join(scratch, 'state'), join(scratch, 'report')];
  const command = join(here, '..', 'cli', 'main.ts');
  const words = ['replay', logs, '--roles', auditedRoleArn, '--state', state, '--out', out, '--fresh'];
  const ran = await measured([process.execPath, command, ...words], environment);
  if (ran.status !== 0) throw new Error(`the replay ended with ${ran.status}: ${ran.said}`);
  const summary = JSON.parse(readFileSync(join(out, 'summary.json'), 'utf8')) as Summary;
  const right = made.calls + made.issuances + made.denied;
  if (summary.records !== made.records || summary.kept !== right || summary.quarantined !== 0) {
    throw new Error(
      `the replay counts ${JSON.stringify(summary)}, the files hold ${made.records}, of which ${right} are kept`,
    );
  }
  return ran;
}

async function withoutTable(work: (environment: NodeJS.ProcessEnv) => Promise<Ran>): Promise<Ran> {
  const table = spawn(process.execPath, [join(here, 'contestants', 'no-table.ts')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const [port] = await once(table.stdout, 'data');
    return await work({ ROLETRAIL_DYNAMODB_ENDPOINT: `http://127.0.0.1:${String(port).trim()}` });
  } finally {
    table.kill();
  }
}

function memory({ peakBytes }: Ran): Figure[] {
  if (peakBytes === null) return [];
  return [
    {
      name: 'replay: peak memory of all processes',
      value: peakBytes / 1e6,
      unit: 'MB',
      goal: { atMost: mostMemory },
    },
  ];
}

/**
 * What a further record takes between the last two sizes, against between the first two: 1 where time is linear. By the
 * processor's time, where it can be told: what neighbours on the machine take would look like growth.
 */
function linear(runs: readonly { made: Generation; ran: Ran }[]): Figure[] {
  const [first, second] = runs;
  const [before, last] = runs.slice(-2);
  if (!first || !second || !before || !last || runs.length < 3) return [];
  const slope = (a: typeof first, b: typeof first) =>
    (timeOf(b.ran) - timeOf(a.ran)) / (b.made.records - a.made.records);
  return [
    {
      name: 'replay: time of a further record, largest / smallest',
      value: slope(before, last) / slope(first, second),
      unit: 'x',
      goal: { atMost: 1.25 },
    },
  ];
}

function timeOf({ cpuSeconds, seconds }: Ran): number {
  return cpuSeconds ?? seconds;
}

function against(name: string, theirs: Ran, ours: Ran): Figure {
  return { name, value: timeOf(theirs) / timeOf(ours), unit: 'x', goal: { atLeast: 1 } };
}

function show(what: string, { seconds, cpuSeconds, peakBytes }: Ran): void {
  const cpu = cpuSeconds === null ? '' : `, ${cpuSeconds.toFixed(1)} s of the processor`;
  say(`${what}: ${seconds.toFixed(1)} s${cpu}${peakBytes === null ? '' : `, ${megabytes(peakBytes)}`}`);
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1e6)} MB`;
}
