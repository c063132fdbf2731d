import { readFileSync, writeFileSync } from 'node:fs';
import type { Command } from 'commander';
import { bundleOf, sha256 } from '../evidence/bundle.ts';
import { collectEvidence } from '../evidence/collect.ts';
import { verifyBundle } from '../evidence/verify.ts';
import { exitCode, UsageError } from '../failure.ts';
import { clean } from '../text/clean.ts';
import { plural } from '../text/format.ts';
import type { Context, Run } from './context.ts';
import { onTarget, type TargetOptions, withTargetOptions } from './target.ts';

const help = `
A bundle is one zip: the records as delivered, a report (HTML and JSON) readable without roletrail, a manifest of SHA-256.
verify needs no network: it checks every file, and derives the answer anew from the records.
Keep the SHA-256 that is printed apart from the bundle: it tells whether the whole was exchanged.

Examples:
  $ roletrail evidence ASIAEXAMPLEDBMAINT01.e6c245c3 --out case-17.zip
  $ roletrail evidence verify case-17.zip

Exit status of verify: 0 whole, 3 something differs (each thing named).`;

export function evidenceCommand(program: Command, run: Run) {
  const command = program.command('evidence').description('a session as an evidence bundle, and its check');
  withTargetOptions(command.command('export', { isDefault: true }))
    .description("write a session's evidence bundle")
    .argument('<session>', 'name of a session, or a key with one session')
    .requiredOption('--out <file>', 'the zip to write')
    .addHelpText('after', help)
    .action((session: string, options: TargetOptions & { out: string }) =>
      run(context => write(session, options, context)),
    );
  command
    .command('verify')
    .description('check a bundle, offline')
    .argument('<file>', 'the zip')
    .addHelpText('after', help)
    .action((file: string) => run(context => verify(file, context)));
  command.addHelpText('after', help);
}

async function write(
  session: string,
  options: TargetOptions & { out: string },
  { screen }: Context,
): Promise<number> {
  const evidence = await onTarget(options, deployment => collectEvidence(session, deployment));
  const bytes = bundleOf(evidence);
  try {
    writeFileSync(options.out, bytes);
  } catch (error) {
    throw new UsageError(`cannot write ${options.out}: ${(error as Error).message}`, error);
  }
  screen.line(
    `${plural(evidence.records.length, 'record')} of ${clean(evidence.answer.session)} in ${clean(options.out)}`,
  );
  screen.line(`sha256 ${sha256(bytes)}`);
  return exitCode.done;
}

async function verify(file: string, { screen }: Context): Promise<number> {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    throw new UsageError(`cannot read ${file}`, error);
  }
  const { session, files, records, problems } = await verifyBundle(bytes, file);
  for (const problem of problems) screen.error(`  ✕ ${clean(problem)}`);
  const verdict =
    problems.length === 0 ? 'is whole, and its records lead to its answer' : 'is not as it was written';
  screen.line(
    `${clean(file)} ${verdict}: ${clean(session)}, ${plural(records, 'record')}, ${plural(files, 'file')}`,
  );
  screen.line(`sha256 ${sha256(bytes)}`);
  return problems.length === 0 ? exitCode.done : exitCode.refused;
}
