import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { packCli } from '../pack/cli.ts';
import { joinedByDuckDb } from './duckdb-join.ts';
import { auditedRoleArn } from './generator/accounts.ts';
import { type Generation, generate } from './generator.ts';
import type { Figure } from './goals.ts';
import { countedByJq } from './jq-calls.ts';
import { measured, type Ran } from './processes.ts';

/** Files of a folder that is many small ones. */
const manyFiles = 10_000;

interface Summary {
  records: number;
  kept: number;
  linkedCalls: number;
  quarantined: number;
}

/** The command as it is installed, and where it writes. */
interface Traced {
  command: string;
  scratch: string;
}

/**
 * `roletrail trace` against DuckDB's join and what jq can count, each a process of its own, over one folder in one run. DuckDB answers one hop and counts
 * it; a trace writes sessions, whole chains and a line for each call. `duckdb`: the package; null: only our own figures.
 */
export async function traceFigures(
  scratch: string,
  bytes: number,
  duckdb: string | null,
  say: (line: string) => void,
): Promise<Figure[]> {
  const command = join(scratch, 'packed', 'bin', 'roletrail.mjs');
  await packCli(join(scratch, 'packed'));
  const traced = { command, scratch };
  const sizes = [bytes / 10, bytes].map(Math.round);
  const runs: { made: Generation; role: Ran; all: Ran; logs: string }[] = [];
  for (const [index, size] of sizes.entries()) {
    const logs = join(scratch, `trace-${size}`);
    const made = await generate({ out: logs, bytes: size, fileBytes: 2e6, kept: 0.1, seed: 3 });
    // Once before any counts: what Node compiles is kept for the next start.
    if (index === 0) await traceOf(traced, logs, made, auditedRoleArn);
    const role = await traceOf(traced, logs, made, auditedRoleArn);
    const all = await traceOf(traced, logs, made, '*');
    runs.push({ made, role, all, logs });
    say(`\ntrace of ${megabytes(size)}, ${made.records} records`);
    say(`  ${line('one role', role)}`);
    say(`  ${line("every credential ('*')", all)}`);
  }
  const [small, large] = runs;
  if (!small || !large) return [];
  const gunzip = await measured([process.execPath, '-e', gunzipAll, large.logs]);
  say(`  ${line('gunzip alone', gunzip)}`);
  const figures: Figure[] = [
    { name: 'trace: gunzip alone / one role', value: timeOf(gunzip) / timeOf(large.role), unit: 'x' },
    {
      name: 'trace: time of a further record, large / small',
      value: perRecord(large) / perRecord(small),
      unit: 'x',
      goal: { atMost: 1.25 },
    },
  ];
  const [least, most] = [small.role.peakBytes, large.role.peakBytes];
  if (least !== null && most !== null)
    figures.push({ name: 'trace: memory, large / small', value: most / least, unit: 'x' });
  const counted = await countedByJq(large.logs, large.made);
  if (counted) {
    say(`  ${line('jq, the calls alone, counted', counted)}`);
    figures.push({ name: 'trace: jq / one role', value: timeOf(counted) / timeOf(large.role), unit: 'x' });
  } else say('  skipped jq: not installed');
  if (duckdb) figures.push(...(await againstDuckDb(duckdb, large, say)));
  return [...figures, await smallFiles(traced, say), await fewRecords(traced, say)];
}

async function againstDuckDb(
  duckdb: string,
  { made, role, all, logs }: { made: Generation; role: Ran; all: Ran; logs: string },
  say: (line: string) => void,
): Promise<Figure[]> {
  const joined = await joinedByDuckDb(duckdb, logs, made);
  say(`  ${line('DuckDB, the join alone', joined)}`);
  const against = (name: string, ran: Ran, most: number): Figure[] => [
    {
      name: `trace: ${name} / DuckDB, time`,
      value: timeOf(ran) / timeOf(joined),
      unit: 'x',
      goal: { atMost: most },
    },
    ...(ran.peakBytes !== null && joined.peakBytes !== null
      ? [
          {
            name: `trace: ${name} / DuckDB, memory`,
            value: ran.peakBytes / joined.peakBytes,
            unit: 'x',
            goal: { atMost: 0.35 },
          },
        ]
      : []),
  ];
  return [...against('one role', role, 0.2), ...against("'*'", all, 0.5)];
}

async function smallFiles(traced: Traced, say: (line: string) => void): Promise<Figure> {
  const logs = join(traced.scratch, 'many');
  mkdirSync(logs);
  const file = gzipSync('{"Records":[]}');
  for (let n = 0; n < manyFiles; n += 1) writeFileSync(join(logs, `${n}.json.gz`), file);
  const ran = await commandOf(traced, logs, '*');
  say(`  ${line(`${manyFiles} small files`, ran)}`);
  return {
    name: 'trace: small files a second',
    value: manyFiles / timeOf(ran),
    unit: 'files/s',
    goal: { atLeast: 1000 },
  };
}

async function fewRecords(traced: Traced, say: (line: string) => void): Promise<Figure> {
  const logs = join(traced.scratch, 'few');
  await generate({ out: logs, bytes: 170_000, fileBytes: 1e6, kept: 0.1, seed: 4 });
  const ran = await commandOf(traced, logs, '*');
  say(`  ${line('100 records, from the start of the command', ran)}`);
  return { name: 'trace: 100 records answered', value: timeOf(ran), unit: 's', goal: { atMost: 1 } };
}

async function traceOf(traced: Traced, logs: string, made: Generation, role: string): Promise<Ran> {
  const ran = await commandOf(traced, logs, role);
  const summary = JSON.parse(readFileSync(join(traced.scratch, 'out', 'summary.json'), 'utf8')) as Summary;
  const right = made.calls + made.issuances + made.denied;
  const wrong = role === '*' ? summary.kept < right : summary.kept !== right;
  if (summary.records !== made.records || wrong || summary.quarantined !== 0)
    throw new Error(
      `the trace counts ${JSON.stringify(summary)}, the files hold ${made.records}, ${right} of the role`,
    );
  return ran;
}

async function commandOf({ command, scratch }: Traced, logs: string, role: string): Promise<Ran> {
  const [state, out] = [join(scratch, 'trace.sqlite'), join(scratch, 'out')];
  rmSync(state, { force: true });
  const words = ['trace', logs, '--roles', role, '--state', state, '--out', out];
  const ran = await measured([process.execPath, command, ...words]);
  if (ran.status !== 0) throw new Error(`the trace ended with ${ran.status}: ${ran.said}`);
  return ran;
}

/** The least that reading the files takes. */
const gunzipAll = `
  const { readdirSync, readFileSync } = require('node:fs');
  const { gunzipSync } = require('node:zlib');
  const files = readdirSync(process.argv[1], { recursive: true, withFileTypes: true }).filter(each => each.isFile());
  for (const { parentPath, name } of files) gunzipSync(readFileSync(parentPath + '/' + name), { chunkSize: 4194304 });`;

/** By the processor's time, where it can be told: what neighbours on the machine take is not ours. */
function timeOf({ cpuSeconds, seconds }: Ran): number {
  return cpuSeconds ?? seconds;
}

function perRecord({ made, all }: { made: Generation; all: Ran }): number {
  return timeOf(all) / made.records;
}

function line(what: string, { seconds, cpuSeconds, peakBytes }: Ran): string {
  const cpu = cpuSeconds === null ? '' : `, ${cpuSeconds.toFixed(1)} s of the processor`;
  const memory = peakBytes === null ? '' : `, ${megabytes(peakBytes)}`;
  return `${what.padEnd(44)}${seconds.toFixed(1).padStart(8)} s${cpu}${memory}`;
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1e6)} MB`;
}
