import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import type { Command } from 'commander';
import { sha256 } from '../../core/hash.ts';
import type { Context, Run } from '../context.ts';
import { bundleOf } from '../evidence/bundle.ts';
import { collectEvidence } from '../evidence/collect.ts';
import { mostBundleBytes } from '../evidence/format.ts';
import { verifyBundle } from '../evidence/verify.ts';
import { exitCode, UsageError } from '../failure.ts';
import { readKeyFiles } from '../integrity/keys-file.ts';
import { completeLines, provenLines } from '../views/terminal/proven.ts';
import { clean } from '../views/text/clean.ts';
import { megabytes, plural, shorten } from '../views/text/format.ts';
import { onStore, type TargetOptions, withStoreOptions } from './target.ts';

const help = `
A bundle is one zip: the records as delivered, a report (HTML and JSON) readable without roletrail, the digests that
CloudTrail signed and their public keys, a manifest of SHA-256. --with-logs adds the whole log files, and, while there is room,
the other files that the same digests name: they prove that the records were in them and that no call of the session in
them was left out, and they hold what everybody else did in those hours.
verify needs no network: it rebuilds the bundle byte for byte, derives the answer again from the records,
checks the digests' signatures, and says what it has shown and what it takes from the report. Keys: the bundle's, or with --keys FILE
the output of "aws cloudtrail list-public-keys --start-time TIME --region REGION".
Keep the printed SHA-256 apart from the bundle: it shows whether the bundle was exchanged.

Examples:
  $ roletrail evidence ASIAEXAMPLEDBMAINT01.e6c245c3 --out case-17.zip
  $ roletrail evidence ASIAEXAMPLEDBMAINT01.e6c245c3 --out case-17.zip --with-logs
  $ roletrail evidence verify case-17.zip --keys keys.json

Exit status of verify: 0 whole, 2 not a bundle of this format, or too damaged to be read, 3 something differs, or is stated as
verified and cannot be proven (each named).`;

export function evidenceCommand(program: Command, run: Run) {
  const command = program.command('evidence').description('write or check the evidence bundle of a session');
  withStoreOptions(command.command('export', { isDefault: true }))
    .description("write a session's evidence bundle")
    .argument('<session>', 'name of a session, or a key with one session')
    .requiredOption('--out <file>', 'the zip to write; it must not be there yet')
    .option('--with-logs', 'with the log files of the hours that the records are from')
    .addHelpText('after', help)
    .action((session: string, options: WriteOptions) => run(context => write(session, options, context)));
  command
    .command('verify')
    .description('check a bundle, offline')
    .argument('<file>', 'the zip')
    .option(
      '--keys <file>',
      "public keys, in place of the bundle's; may be repeated",
      (file, files: string[]) => [...files, file],
      [],
    )
    .addHelpText('after', help)
    .action((file: string, { keys }: { keys: string[] }) => run(context => verify(file, keys, context)));
  command.addHelpText('after', help);
}

/** Lines of one kind: a forged bundle may have a million things wrong with it. */
const mostShown = 50;

type WriteOptions = TargetOptions & { out: string; withLogs?: boolean };

async function write(session: string, options: WriteOptions, { screen }: Context): Promise<number> {
  const { out } = options;
  // Before the work, and when it is written: another may have written it since.
  if (existsSync(out)) throw new UsageError(thereAlready(out));
  const evidence = await onStore(options, store => collectEvidence(session, store, options.withLogs));
  const bytes = bundleOf(evidence);
  try {
    writeFileSync(out, bytes, { flag: 'wx' });
  } catch (error) {
    const there = (error as NodeJS.ErrnoException).code === 'EEXIST';
    throw new UsageError(
      there ? thereAlready(out) : `cannot write ${out}: ${(error as Error).message}`,
      error,
    );
  }
  screen.line(
    `${plural(evidence.records.length, 'record')} of ${clean(evidence.answer.session)} in ${clean(out)}`,
  );
  const { digests, logs, keys } = evidence.proofs;
  for (const { uri, missing } of [...digests, ...(logs ?? [])])
    if (missing) screen.error(`${clean(uri)}: ${clean(missing)}`);
  screen.line(
    `with ${plural(digests.filter(each => each.bytes).length, 'digest')}, ${plural(keys.length, 'public key')}, ${plural(logs?.filter(each => each.bytes).length ?? 0, 'log file')}`,
  );
  screen.line(`sha256 ${sha256(bytes)}`);
  if (evidence.lack) screen.error(`not in the bundle: ${evidence.lack}`);
  return evidence.lack !== null && evidence.calls.length === 0 ? exitCode.attention : exitCode.done;
}

function thereAlready(file: string): string {
  return `${file} is there already, and evidence is never overwritten: give --out another name`;
}

async function verify(file: string, keyFiles: readonly string[], { screen }: Context): Promise<number> {
  let bytes: Buffer;
  try {
    const found = statSync(file);
    // A device or a pipe has no end; a file that is larger than any bundle would only fill memory.
    if (!found.isFile() || found.size > mostBundleBytes)
      throw new UsageError(
        `${file} is not an evidence bundle: it is not a file, or is larger than ${megabytes(mostBundleBytes)}`,
      );
    bytes = readFileSync(file);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`cannot read ${file}`, error);
  }
  const keys = keyFiles.length > 0 ? readKeyFiles(keyFiles) : null;
  const verified = await verifyBundle(bytes, file, keys);
  const { session, files, records, sources, complete, fromReport, unchecked, problems } = verified;
  for (const problem of problems.slice(0, mostShown)) screen.error(`  ✕ ${clean(shorten(problem, 400))}`);
  if (problems.length > mostShown)
    screen.error(`  and ${plural(problems.length - mostShown, 'more problem')}`);
  const whole = problems.length === 0 && unchecked.length === 0;
  const held = whole
    ? 'is whole, and its records lead to its answer'
    : 'is unchanged, but does not prove all that it states';
  const verdict = problems.length === 0 ? held : 'has changed since it was written';
  screen.line(
    `${clean(file)} ${verdict}: ${clean(session)}, ${plural(records, 'record')}, ${plural(files, 'file')}`,
  );
  for (const line of provenLines(sources, keys !== null)) screen.line(`  ${line}`);
  for (const line of completeLines(complete)) screen.line(`  ${line}`);
  for (const part of fromReport.slice(0, mostShown)) screen.line(`  taken from the report: ${clean(part)}`);
  for (const part of unchecked.slice(0, mostShown)) screen.line(`  not shown: ${clean(shorten(part, 400))}`);
  if (unchecked.length > mostShown)
    screen.line(`  and ${unchecked.length - mostShown} more that are not shown`);
  screen.line(`sha256 ${sha256(bytes)}`);
  return whole ? exitCode.done : exitCode.attention;
}
