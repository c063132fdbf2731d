import { articleBill, assumed, type Bill, growing, perBatch, roletrailBill, type Workload } from './model.ts';

export const batchSizes = [1, 10, 50, 100, 250] as const;

/** The workload of docs/cost.md and of the goals. */
export const typical: Workload = {
  filesPerDay: 100_000,
  fileMB: 0.2,
  kept: 0.01,
  batch: 100,
};

/** docs/cost.md for a workload: the bill, its parts, and what batch sizes make of it. */
export function costDocument(workload: Workload): string {
  const { fileMB, kept, filesPerDay, batch } = workload;
  const records = Math.round(fileMB * assumed.recordsPerMB);
  const article = articleBill(workload);
  const ours = roletrailBill(workload);
  const lines = [
    '# What it costs',
    '',
    '<!-- written by: npm run docs -->',
    '',
    `List prices of us-east-1 ([source](../bench/cost/prices.ts)), for log files of ${fileMB} MB with ${records.toLocaleString('en-US')} records each, ${percent(kept)}`,
    'of which are kept. Dollars per million files. "Article" is the design that this project grew out of: one function',
    'invocation per file, one PutItem per record. For your own figures, run',
    '`npm run cost -- --files-per-day 50000 --file-mb 0.2 --kept 1 --batch 100`. An execution takes 14 state',
    'transitions for the whole batch, so the batch size decides. Evidence takes two write units per kept record, including its',
    'look-up by credential.',
    '',
    '| files a batch | roletrail | article | roletrail / article | the same without logs |',
    '|---|---|---|---|---|',
    ...batchSizes.map(size => sizeLine({ ...workload, batch: size })),
    '',
    `At ${filesPerDay.toLocaleString('en-US')} files a day and ${batch} files a batch, roletrail costs ${dollars((ours.total * filesPerDay * 30) / 1e6)} a month, the article ${dollars((article.total * filesPerDay * 30) / 1e6)}.`,
    '',
    `A quiet account takes \`"batch": {"size": 10, "windowSeconds": 20}\`: with a file in each execution a million files cost ${dollars(roletrailBill({ ...workload, batch: 1 }).total)}.`,
    '',
    `## Where it goes: ${batch} files a batch`,
    '',
    '| item | roletrail | article |',
    '|---|---|---|',
    ...partLines(ours, article),
    '',
    '## What the model counts and assumes',
    '',
    'A test counts these in the embedded cloud, and fails when one of them grows:',
    '',
    ...Object.entries({ ...perBatch, ...growing }).map(([name, value]) => `- ${words(name)}: ${value}`),
    '',
    'Assumed:',
    '',
    ...Object.entries(assumed).map(([name, value]) => `- ${words(name)}: ${value}`),
    '',
    'Not included: the KMS key, alarms, the dashboard, custom metrics and point-in-time recovery, which AWS bills by the month',
    "or by the stored GB (a few dollars per month for key and alarms); storage; partners' events, one per session.",
    '',
  ];
  return lines.join('\n');
}

function sizeLine(workload: Workload): string {
  const article = articleBill(workload);
  const ours = roletrailBill(workload);
  return row(
    String(workload.batch),
    dollars(ours.total),
    dollars(article.total),
    (ours.total / article.total).toFixed(2),
    (ours.withoutLogs / article.withoutLogs).toFixed(2),
  );
}

function partLines(ours: Bill, article: Bill): string[] {
  const names = [...new Set([...Object.keys(ours.parts), ...Object.keys(article.parts)])];
  const cell = (bill: Bill, name: string) => (name in bill.parts ? dollars(bill.parts[name] ?? 0) : '');
  return [
    ...names.map(name => row(name, cell(ours, name), cell(article, name))),
    row('**total**', dollars(ours.total), dollars(article.total)),
  ];
}

function row(...cells: string[]): string {
  return `| ${cells.join(' | ')} |`;
}

function dollars(amount: number): string {
  return `$${amount.toFixed(2)}`;
}

function percent(share: number): string {
  return `${share * 100} %`;
}

/** `unitsPerRecord` -> `units per record` */
function words(name: string): string {
  return name.replace(/([a-z])([A-Z]+)/g, (_, before, after) =>
    after === 'MB' ? `${before} MB` : `${before} ${after.toLowerCase()}`,
  );
}
