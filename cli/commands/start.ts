import { join } from 'node:path';
import type { Command } from 'commander';
import { readConfig } from '../../infra/config.ts';
import type { Context, Run } from '../context.ts';
import { samplesConfigFile } from '../deployment/base-config.ts';
import { exitCode } from '../failure.ts';
import { findInputs, type Inputs } from '../inputs/inputs.ts';
import type { People } from '../people/people.ts';
import { projectRoot } from '../project.ts';
import { portNumber } from '../queries/arguments.ts';
import { needsOfInputs, replayConfig } from '../replay/config.ts';
import { replayLocally } from '../replay/local.ts';
import { refusedLines } from '../replay/refused-lines.ts';
import { allProcessed, type Replayed } from '../replay/replayed.ts';
import { summaryLines } from '../replay/summary-lines.ts';
import { alertLines } from '../views/terminal/alerts.ts';
import { deniedLines, inStoryOrder, storyCount, storyOf } from '../views/terminal/story.ts';
import { shellWord } from '../views/text/format.ts';
import { beside } from './console.ts';
import { type NamesOptions, peopleOf, withNames } from './names.ts';

export interface StartOptions extends NamesOptions {
  state: string;
  console?: boolean;
  port?: number;
}

/** The samples' stories, in the order they are shown. */
const stories = ['article', 'incident'];

export function startCommand(program: Command, run: Run) {
  withNames(program.command('start'))
    .description('replay the samples and show who did what')
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
  const { state, port = 0 } = options;
  const people = await peopleOf(options, context.screen);

  const samplesConfig = readConfig(samplesConfigFile);
  const config = async ({ deliver }: Inputs) =>
    replayConfig(samplesConfig, samplesConfig.auditedRoles, await needsOfInputs(deliver));
  return replayLocally(samples, { config, state, ...context }, (run, deployment) =>
    beside({ console: Boolean(options.console), port, people }, deployment, context, async () =>
      tell(await run(), state, people, context),
    ),
  );
}

async function tell(result: Replayed, state: string, people: People, { screen }: Context): Promise<number> {
  const { paint } = screen;
  await people.meet(result.answers.sessions.map(({ answer }) => answer));
  const { explained, open } = inStoryOrder(result.answers.sessions);
  const denied = [...result.collected.denied.values()].sort((a, b) => (a.eventTime < b.eventTime ? -1 : 1));

  screen.line(
    `${paint.bold('roletrail')}  who really did that?  ${paint.dim(storyCount(explained.length, open.length, denied.length))}`,
  );
  for (const session of explained)
    for (const line of ['', ...storyOf(session, paint, people)]) screen.line(line);
  if (open.length > 0) screen.line(`\n${paint.bold('Not explained by these logs')}`);
  for (const session of open) for (const line of storyOf(session, paint, people)) screen.line(line);
  if (result.alerts.length > 0) screen.line(`\n${paint.bold('Alerted')}`);
  for (const line of alertLines(result.alerts, paint)) screen.line(line);
  if (denied.length > 0) screen.line(`\n${paint.bold('Refused attempts')}`);
  for (const line of deniedLines(denied, paint)) screen.line(line);
  const refused = refusedLines(result, paint);
  if (refused.length > 0) screen.line(`\n${paint.bold('Not processed')}`);
  for (const line of refused) screen.line(line);

  screen.line(`\n${paint.bold('Look closer')}`);
  const at = state === '.roletrail' ? '' : ` --state ${shellWord(state)}`;
  const example = explained[0];
  const eventID = example?.calls[0]?.eventID ?? example?.answer.issuerEventIDs[0];
  if (eventID) screen.line(`  npx roletrail who ${shellWord(eventID)}${at}`);
  const origin = explained.findLast(({ answer }) => answer.chain.length > 1)?.answer.origin?.arn;
  if (origin) screen.line(`  npx roletrail who ${shellWord(origin)}${at}`);
  screen.line(`  npx roletrail sessions --unlinked${at}`);
  screen.line(`  npx roletrail executions${at}`);
  screen.line(`  npm start -- --console                      ${paint.dim('in your browser')}`);
  screen.line(`  npm run replay -- PATH                      ${paint.dim('your own logs')}`);
  screen.line('');
  for (const line of summaryLines(result.summary, paint)) screen.line(paint.dim(line));
  return allProcessed(result) ? exitCode.done : exitCode.attention;
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
