import { Command } from 'commander';
import { backfillCommand } from './commands/backfill.ts';
import { callsCommand } from './commands/calls.ts';
import { cloudCommand } from './commands/cloud.ts';
import { consoleCommand } from './commands/console.ts';
import { evidenceCommand } from './commands/evidence.ts';
import { executionsCommand } from './commands/executions.ts';
import { exportCommand } from './commands/export.ts';
import { initCommand } from './commands/init.ts';
import { inspectCommand } from './commands/inspect.ts';
import { overviewCommands } from './commands/overviews.ts';
import { quarantineCommand } from './commands/quarantine.ts';
import { refusedCommand } from './commands/refused.ts';
import { replayCommand } from './commands/replay.ts';
import { sessionsCommand } from './commands/sessions.ts';
import { startCommand } from './commands/start.ts';
import { verifyCommand } from './commands/verify.ts';
import { whoCommand } from './commands/who.ts';
import type { Run } from './context.ts';
import { projectVersion } from './project.ts';

const help = `
Examples:
  $ roletrail start                                  replay the samples, see the answers
  $ roletrail replay logs/ --roles '*' --out report  replay your own logs
  $ roletrail who 099ff820-00f2-4500-94fc-2b9da26d576f

roletrail COMMAND --help tells more. Colours only on a terminal; NO_COLOR and --no-color switch them off.`;

/** The command line: commander writes its usage errors through `writeError`. */
export function buildProgram(run: Run, writeError: (text: string) => void): Command {
  const program = new Command('roletrail')
    .description('Who really made that call? Audits cross-account roles from CloudTrail, with the evidence.')
    .version(projectVersion())
    .option('--no-color', 'no colours')
    .option('--debug', 'show the stack of an unexpected error')
    .addHelpText('after', help);
  // Set before the commands are added: they inherit it.
  program
    .exitOverride()
    .configureOutput({ outputError: text => writeError(text.replace(/^error: /, '')) })
    .showSuggestionAfterError(true);
  for (const add of [
    startCommand,
    replayCommand,
    backfillCommand,
    executionsCommand,
    inspectCommand,
    whoCommand,
    sessionsCommand,
    callsCommand,
    overviewCommands,
    refusedCommand,
    verifyCommand,
    evidenceCommand,
    exportCommand,
    consoleCommand,
    quarantineCommand,
    cloudCommand,
    initCommand,
  ]) {
    add(program, run);
  }
  return program;
}
