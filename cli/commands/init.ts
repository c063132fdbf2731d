import { existsSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { createInterface } from 'node:readline/promises';
import type { Command } from 'commander';
import type { Context, Run } from '../context.ts';
import { draft, type Said } from '../deployment/draft.ts';
import { exitCode, Interrupted, UsageError } from '../failure.ts';
import { projectRoot } from '../project.ts';
import { askForRest } from './init-questions.ts';

const help = `
On a terminal it asks for what no option gives; elsewhere --account, --region, --role and --bucket are required. An existing file
is never overwritten. Mistakes are named in one sentence, as cdk synth does.

Examples:
  $ roletrail init
  $ roletrail init --account 999999999999 --region us-east-1 --role CrossAccountTest --bucket my-trail \\
      --partner 111111111111=us-east-1,eu-west-1 --external-id 111111111111=3414 --alarm-email soc@example.com
  $ roletrail init eu.json --name eu --account 999999999999 --region eu-west-1 --role Deploy --bucket my-trail --create-bucket
  $ npx cdk synth --quiet                    what to deploy, in which order`;

const several = (value: string, values: string[]) => [...values, value];

export function initCommand(program: Command, run: Run) {
  program
    .command('init')
    .description('write the configuration of a deployment')
    .argument('[file]', 'where to', 'roletrail.json')
    .option('--name <name>', 'name of this deployment, if there are several')
    .option('--account <id>', 'the production account')
    .option('--region <region>', 'the region of the pipeline, and of the trail bucket')
    .option('--role <role>', 'a role to audit, ARN or name; may be repeated', several, [])
    .option('--partner <account=regions>', 'a trusted account; may be repeated', several, [])
    .option('--external-id <account=id>', "one of a partner's; may be repeated", several, [])
    .option('--trail-account <id>', 'an account the trail covers; may be repeated', several, [])
    .option('--bucket <name>', 'the bucket CloudTrail writes to')
    .option('--create-bucket', 'the stack creates it')
    .option('--key-arn <arn>', 'the key an existing one is encrypted with')
    .option('--batch <size/seconds>', '10/20 for a quiet account, 100/60 for a busy one')
    .option('--alarm-email <address>', 'who receives alarms')
    .addHelpText('after', help)
    .action((file: string, said: Said) => run(context => init(file, said, context)));
}

async function init(file: string, options: Said, { screen, signal }: Context): Promise<number> {
  if (existsSync(file)) throw alreadyThere(file);
  const said = process.stdin.isTTY ? await asked(options, signal, screen) : options;
  checkComplete(said);
  const config = { $schema: schemaFrom(file), ...draft(said, file) };
  write(file, `${JSON.stringify(config, null, 2)}\n`);
  screen.line(`wrote ${file}`);
  const named = file === 'roletrail.json' ? '' : ` -c config=${file}`;
  screen.line(`npx cdk synth --quiet${named} checks it, and says what to deploy in which order`);
  return exitCode.done;
}

async function asked(said: Said, signal: AbortSignal, screen: Context['screen']): Promise<Said> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await askForRest(
      said,
      question => terminal.question(question, { signal }),
      text => screen.error(text),
    );
  } catch (error) {
    throw signal.aborted ? new Interrupted('stopped; nothing was written') : error;
  } finally {
    terminal.close();
  }
}

/** Without a terminal nobody answers. Throws UsageError that names all that is missing. */
function checkComplete({ account, region, role, bucket }: Said): void {
  const missing = [
    ...(account ? [] : ['--account']),
    ...(region ? [] : ['--region']),
    ...(role.length > 0 ? [] : ['--role']),
    ...(bucket ? [] : ['--bucket']),
  ];
  if (missing.length > 0) throw new UsageError(`no terminal to ask on: give ${missing.join(', ')}`);
}

/** As the file names the schema: editors take it relative to the file. */
function schemaFrom(file: string): string {
  const path = relative(dirname(resolve(file)), join(projectRoot, 'infra', 'roletrail.schema.json'));
  return path.startsWith('.') ? path : `./${path}`;
}

function write(file: string, text: string): void {
  try {
    // Whatever came in between: a file that is there is not overwritten.
    writeFileSync(file, text, { flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw alreadyThere(file);
    throw new UsageError(`cannot write ${file}: ${(error as Error).message}`, error);
  }
}

function alreadyThere(file: string): UsageError {
  return new UsageError(`${file} exists and is not overwritten: name another file, or move it away`);
}
