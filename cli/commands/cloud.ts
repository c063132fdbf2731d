import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import type { Cloud } from '../../local/cloud-contract.ts';
import { baseConfig } from '../base-config.ts';
import type { Context, Run } from '../context.ts';
import { exitCode } from '../failure.ts';
import { openState, prepareState } from '../local-cloud.ts';
import { replayConfig } from '../replay/config.ts';
import { undeliveredSentences } from '../replay/undelivered.ts';
import { shellWord } from '../text/format.ts';

interface CloudCommandOptions {
  state: string;
  port: number;
}

const help = `
Runs until Ctrl-C. What it prints can be pasted into a shell: from then on the AWS SDKs and command line there talk to it.
The stack's outputs are written beside its state, as "cdk deploy --outputs-file" would.

Examples:
  $ roletrail cloud --port 4599
  $ aws stepfunctions list-state-machines
  $ roletrail replay logs/ --target aws --outputs .roletrail/outputs.json`;

export function cloudCommand(program: Command, run: Run) {
  program
    .command('cloud')
    .description('keep the embedded cloud running, for scripts that speak to AWS')
    .option('--state <folder>', 'the embedded cloud keeps its state here', '.roletrail')
    .option('--port <n>', '0: any that is free', portNumber, 0)
    .addHelpText('after', help)
    .action((options: CloudCommandOptions) => run(context => keepRunning(options, context)));
}

async function keepRunning(
  { state, port }: CloudCommandOptions,
  { screen, signal }: Context,
): Promise<number> {
  screen.progress('preparing the stack…');
  await prepareState(state, replayConfig(baseConfig(), [], { partners: new Set(), buckets: [] }));
  const cloud = await openState(state, port);
  screen.endProgress();
  try {
    const outputs = join(state, 'outputs.json');
    writeFileSync(outputs, `${JSON.stringify(cloud.outputs, null, 2)}\n`);
    for (const line of greeting(cloud, outputs)) screen.line(line);
    // Ctrl-C may have come while the cloud was starting.
    if (!signal.aborted)
      await new Promise(resolve => signal.addEventListener('abort', resolve, { once: true }));
    for (const sentence of undeliveredSentences(cloud.undelivered())) screen.line(`# ${sentence}`);
  } finally {
    await cloud.close();
  }
  return exitCode.done;
}

function greeting({ endpoint, region, credentials }: Cloud, outputs: string): string[] {
  return [
    `# the embedded cloud; the stack's outputs are in ${shellWord(outputs)}; Ctrl-C ends it`,
    `export AWS_ENDPOINT_URL=${endpoint}`,
    `export AWS_REGION=${region}`,
    `export AWS_ACCESS_KEY_ID=${credentials.accessKeyId}`,
    `export AWS_SECRET_ACCESS_KEY=${credentials.secretAccessKey}`,
  ];
}

export function portNumber(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new InvalidArgumentError('It takes a port number, or 0.');
  }
  return port;
}
