import { rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Cloud } from '@roletrail/local';
import type { Command } from 'commander';
import type { RoletrailConfig } from '../../infra/roletrail-config.ts';
import type { Context, Run } from '../context.ts';
import { baseConfig } from '../deployment/base-config.ts';
import { keptConfig, openState, prepareState, type Release, takeState } from '../deployment/local-cloud.ts';
import { exitCode, UsageError } from '../failure.ts';
import { portNumber } from '../queries/arguments.ts';
import { everyCredential, needsOf, replayConfig } from '../replay/config.ts';
import { undeliveredSentences } from '../replay/undelivered.ts';
import { safeJson } from '../views/text/clean.ts';
import { shellWord } from '../views/text/format.ts';
import { supportedLines } from '../views/text/supported.ts';

interface CloudCommandOptions {
  state: string;
  port: number;
  supports?: boolean;
  json?: boolean;
}

const help = `
Runs until Ctrl-C. Paste the line that it prints into a shell: the AWS SDKs and CLI there then talk to it. Its key is new
at each start, and is in a file of the state folder that only you can read: pasted, the secret would stay in the shell's
history. The stack's outputs are next to it, as "cdk deploy --outputs-file" does. It audits what was replayed into the state
folder before; a new folder audits every temporary credential.

Examples:
  $ roletrail cloud --port 4599
  $ roletrail cloud --supports
  $ . .roletrail/aws.sh
  $ aws stepfunctions list-state-machines
  $ roletrail replay logs/ --target aws --outputs .roletrail/outputs.json`;

export function cloudCommand(program: Command, run: Run) {
  program
    .command('cloud')
    .description('keep the embedded cloud running, for scripts that speak to AWS')
    .option('--state <folder>', 'folder for the state of the embedded cloud', '.roletrail')
    .option('--port <n>', '0: any free port', portNumber, 0)
    .option('--supports', 'print what the embedded cloud supports, and end')
    .option('--json', 'with --supports: as JSON')
    .addHelpText('after', help)
    .action((options: CloudCommandOptions) =>
      run(context => (options.supports ? printSupported(options, context) : keepRunning(options, context))),
    );
}

async function printSupported({ json }: CloudCommandOptions, { screen }: Context): Promise<number> {
  const { supported } = await import('@roletrail/local/supports');
  const found = supported();
  if (json) screen.line(safeJson(found, 2));
  else for (const line of supportedLines(found)) screen.line(line);
  return exitCode.done;
}

async function keepRunning(
  { state, port, json }: CloudCommandOptions,
  { screen, signal }: Context,
): Promise<number> {
  if (json) throw new UsageError('--json needs --supports: a running cloud prints a line for a shell');
  screen.progress('preparing the stack…');
  const release = takeState(state);
  // What was replayed stays audited as it was, whatever folder one stands in.
  const config = () => keptConfig(state) ?? replayConfig(baseConfig(), everyCredential, needsOf([]));
  const cloud = await opened(state, port, config, release).finally(() => screen.endProgress());
  const settings = join(state, 'aws.sh');
  try {
    const outputs = join(state, 'outputs.json');
    writeFileSync(outputs, `${JSON.stringify(cloud.outputs, null, 2)}\n`);
    // A file that is there keeps its mode, whatever is asked for.
    rmSync(settings, { force: true });
    writeFileSync(settings, settingsOf(cloud), { mode: 0o600 });
    screen.line(`# the embedded cloud; the stack's outputs are in ${shellWord(outputs)}; Ctrl-C ends it`);
    screen.line(`. ${shellWord(resolve(settings))}`);
    // Ctrl-C may have come while the cloud was starting.
    if (!signal.aborted)
      await new Promise(resolve => signal.addEventListener('abort', resolve, { once: true }));
    for (const sentence of undeliveredSentences(cloud.undelivered())) screen.line(`# ${sentence}`);
  } finally {
    rmSync(settings, { force: true });
    await cloud.close();
  }
  return exitCode.done;
}

async function opened(
  state: string,
  port: number,
  config: () => RoletrailConfig,
  release: Release,
): Promise<Cloud> {
  try {
    await prepareState(state, config(), release);
    return await openState(state, port, release);
  } catch (error) {
    release();
    throw error;
  }
}

/** What a shell reads to talk to the cloud (AWS SDKs and tools guide, environment variables). */
function settingsOf({ endpoint, region, credentials }: Cloud): string {
  return [
    `export AWS_ENDPOINT_URL=${endpoint}`,
    `export AWS_REGION=${region} AWS_DEFAULT_REGION=${region}`,
    `export AWS_ACCESS_KEY_ID=${credentials.accessKeyId}`,
    `export AWS_SECRET_ACCESS_KEY=${credentials.secretAccessKey}`,
    // Of a session of before, it would go along and be refused.
    'unset AWS_SESSION_TOKEN AWS_PROFILE',
    '',
  ].join('\n');
}
