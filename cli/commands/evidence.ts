import { readFileSync, writeFileSync } from 'node:fs';
import type { Command } from 'commander';
import type { Context, Run } from '../context.ts';
import { bundleOf } from '../evidence/bundle.ts';
import { collectEvidence } from '../evidence/collect.ts';
import { sha256 } from '../evidence/format.ts';
import { verifyBundle } from '../evidence/verify.ts';
import { exitCode, UsageError } from '../failure.ts';
import { readKeyFiles } from '../integrity/keys-file.ts';
import { provenLines } from '../show/proven.ts';
import { clean } from '../text/clean.ts';
import { plural } from '../text/format.ts';
import { onTarget, type TargetOptions, withTargetOptions } from './target.ts';

const help = `
A bundle is one zip: the records as delivered, a report (HTML and JSON) readable without roletrail, the digests that
CloudTrail signed with the public keys for them, a manifest of SHA-256. --with-logs adds the log files whole: they prove that
the records stood in them, and hold what everybody else did in those minutes.
verify needs no network: it checks every file, derives the answer anew from the records, checks the digests' signatures, and
says what it has shown and what it takes from the report. Keys: those of the bundle, or with --keys what
"aws cloudtrail list-public-keys --start-time TIME --region REGION" wrote.
Keep the SHA-256 that is printed apart from the bundle: it tells whether the whole was exchanged.

Examples:
  $ roletrail evidence ASIAEXAMPLEDBMAINT01.e6c245c3 --out case-17.zip
  $ roletrail evidence ASIAEXAMPLEDBMAINT01.e6c245c3 --out case-17.zip --with-logs
  $ roletrail evidence verify case-17.zip --keys keys.json

Exit status of verify: 0 whole, 2 no bundle, or a zip too damaged to be read, 3 something differs (each thing named).`;

export function evidenceCommand(program: Command, run: Run) {
  const command = program.command('evidence').description('a session as an evidence bundle, and its check');
  withTargetOptions(command.command('export', { isDefault: true }))
    .description("write a session's evidence bundle")
    .argument('<session>', 'name of a session, or a key with one session')
    .requiredOption('--out <file>', 'the zip to write')
    .option('--with-logs', 'with the log files that the records are from')
    .addHelpText('after', help)
    .action((session: string, options: WriteOptions) => run(context => write(session, options, context)));
  command
    .command('verify')
    .description('check a bundle, offline')
    .argument('<file>', 'the zip')
    .option(
      '--keys <file>',
      "public keys, in place of the bundle's; may be given again",
      (file, files: string[]) => [...files, file],
      [],
    )
    .addHelpText('after', help)
    .action((file: string, { keys }: { keys: string[] }) => run(context => verify(file, keys, context)));
  command.addHelpText('after', help);
}

type WriteOptions = TargetOptions & { out: string; withLogs?: boolean };

async function write(session: string, options: WriteOptions, { screen }: Context): Promise<number> {
  const evidence = await onTarget(options, deployment =>
    collectEvidence(session, deployment, options.withLogs),
  );
  const bytes = bundleOf(evidence);
  try {
    writeFileSync(options.out, bytes);
  } catch (error) {
    throw new UsageError(`cannot write ${options.out}: ${(error as Error).message}`, error);
  }
  screen.line(
    `${plural(evidence.records.length, 'record')} of ${clean(evidence.answer.session)} in ${clean(options.out)}`,
  );
  const { digests, logs, keys } = evidence.proofs;
  for (const { uri, missing } of [...digests, ...(logs ?? [])])
    if (missing) screen.error(`${clean(uri)}: ${clean(missing)}`);
  screen.line(
    `with ${plural(digests.filter(each => each.bytes).length, 'digest')}, ${plural(keys.length, 'public key')}, ${plural(logs?.filter(each => each.bytes).length ?? 0, 'log file')}`,
  );
  screen.line(`sha256 ${sha256(bytes)}`);
  return exitCode.done;
}

async function verify(file: string, keyFiles: readonly string[], { screen }: Context): Promise<number> {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    throw new UsageError(`cannot read ${file}`, error);
  }
  const keys = keyFiles.length > 0 ? readKeyFiles(keyFiles) : null;
  const { session, files, records, sources, unchecked, problems } = await verifyBundle(bytes, file, keys);
  for (const problem of problems) screen.error(`  ✕ ${clean(problem)}`);
  const verdict =
    problems.length === 0 ? 'is whole, and its records lead to its answer' : 'is not as it was written';
  screen.line(
    `${clean(file)} ${verdict}: ${clean(session)}, ${plural(records, 'record')}, ${plural(files, 'file')}`,
  );
  for (const line of provenLines(sources, keys !== null)) screen.line(`  ${line}`);
  for (const part of unchecked) screen.line(`  not checked: ${clean(part)}`);
  screen.line(`sha256 ${sha256(bytes)}`);
  return problems.length === 0 ? exitCode.done : exitCode.refused;
}
