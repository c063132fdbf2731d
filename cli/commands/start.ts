import { join } from 'node:path';
import type { Command } from 'commander';
import { readConfig } from '../../infra/config.ts';
import type { Context, Run } from '../context.ts';
import { samplesConfigFile } from '../deployment/base-config.ts';
import { noCloudHere } from '../deployment/embedded-cloud.ts';
import { exitCode } from '../failure.ts';
import { findInputs, type Inputs } from '../inputs/inputs.ts';
import { projectRoot } from '../project.ts';
import { portNumber } from '../queries/arguments.ts';
import { needsOfInputs, replayConfig } from '../replay/config.ts';
import { replayLocally } from '../replay/local.ts';
import { refusalLine, refusedLines } from '../replay/refused-lines.ts';
import { allProcessed } from '../replay/replayed.ts';
import { onTrace } from '../trace/asked.ts';
import { stateName } from '../trace/state/traced.ts';
import { trace } from '../trace/trace.ts';

import { beside } from './console.ts';
import { type NamesOptions, peopleOf, withNames } from './names.ts';
import { storyLines } from './start-story.ts';

export interface StartOptions extends NamesOptions {
  state: string;
  console?: boolean;
  port?: number;
}

/** The samples' stories, in the order they are shown. */
const stories = ['article', 'incident'];

export function startCommand(program: Command, run: Run) {
  withNames(program.command('start'))
    .description('replay the samples and show who did what; where the embedded cloud cannot run, trace them')
    .option('--state <folder>', 'folder for the state of the embedded cloud', '.roletrail')
    .option('--console', 'show it in a browser from the start, until Ctrl-C')
    .option('--port <n>', 'with --console; 0: any free port', portNumber, 0)
    .addHelpText(
      'after',
      '\nExamples:\n  $ npm start\n  $ npm start -- --console\n  $ roletrail start --state /tmp/look',
    )
    .action((options: StartOptions) => run(context => start(options, context)));
}

export async function start(options: StartOptions, context: Context): Promise<number> {
  const why = noCloudHere();
  return why === null ? replayed(options, context) : traced(options, why, context);
}

/** Replays the samples through what is deployed. */
async function replayed({ state, port = 0, ...options }: StartOptions, context: Context): Promise<number> {
  const { screen } = context;
  const people = await peopleOf(options, screen);
  const samplesConfig = readConfig(samplesConfigFile);
  const config = async ({ deliver }: Inputs) =>
    replayConfig(samplesConfig, samplesConfig.auditedRoles, await needsOfInputs(deliver));
  return replayLocally(samples, { config, state, ...context }, (run, deployment) =>
    beside({ console: Boolean(options.console), port, people }, deployment, context, async () => {
      const result = await run();
      const { sessions } = result.answers;
      await people.meet(sessions.map(({ answer }) => answer));
      const { alerts, summary } = result;
      const denied = [...result.collected.denied.values()];
      const refused = refusedLines(result, screen.paint);
      const told = { sessions, denied, alerts, refused, summary, closer: ['executions'] };
      for (const line of storyLines(told, state, screen.paint, people)) screen.line(line);
      return allProcessed(result) ? exitCode.done : exitCode.attention;
    }),
  );
}

/** The same answers where the embedded cloud cannot run. */
async function traced({ state, port = 0, ...options }: StartOptions, why: string, context: Context) {
  const { screen } = context;
  const people = await peopleOf(options, screen);
  screen.error(
    `this traces the samples: to replay them through what is deployed needs the embedded cloud, ${why}`,
  );
  const base = readConfig(samplesConfigFile);
  const file = join(state, stateName);
  const result = await trace(await samples(), {
    ...{ roles: base.auditedRoles, accounts: [], base, people, ...context },
    ...{ state: { file, named: false }, withSessions: true },
  });
  const { sessions = [], denied, refusals, summary } = result;
  const refused = refusals.map(refusal => refusalLine(refusal, screen.paint));
  const told = { sessions, denied: denied.earliest, alerts: [], refused, summary, closer: [] };
  return onTrace(file, store =>
    beside({ console: Boolean(options.console), port, people }, store, context, async () => {
      for (const line of storyLines(told, state, screen.paint, people)) screen.line(line);
      return refusals.length === 0 ? exitCode.done : exitCode.attention;
    }),
  );
}

/** The inputs of all stories, one story after the other: each keeps its own order of delivery. */
async function samples(): Promise<Inputs> {
  const folders = stories.map(story => join(projectRoot, 'samples', story, 'input'));
  const all = await Promise.all(folders.map(folder => findInputs([folder])));
  return {
    deliver: all.flatMap(each => each.deliver),
    others: all.flatMap(each => each.others),
    refused: all.flatMap(each => each.refused),
    heads: new Map(),
  };
}
