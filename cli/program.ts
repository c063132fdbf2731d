import { Command } from 'commander';
import type { Run } from './context.ts';
import { projectVersion } from './project.ts';

const help = `
Examples:
  $ roletrail start                                  replay the samples, see the answers
  $ roletrail trace logs/ --out report               who is behind each call in a folder of logs
  $ roletrail who 099ff820-00f2-4500-94fc-2b9da26d576f

roletrail COMMAND --help tells more. Colours only on a terminal; NO_COLOR and --no-color switch them off.`;

type Add = (program: Command, run: Run) => void;

/** Each is loaded when it is asked for: what one needs, of AWS's SDK or the embedded cloud, takes the others a second. */
const commands: Record<string, () => Promise<Add>> = {
  start: async () => (await import('./commands/start.ts')).startCommand,
  trace: async () => (await import('./commands/trace.ts')).traceCommand,
  replay: async () => (await import('./commands/replay.ts')).replayCommand,
  backfill: async () => (await import('./commands/backfill.ts')).backfillCommand,
  executions: async () => (await import('./commands/executions.ts')).executionsCommand,
  inspect: async () => (await import('./commands/inspect.ts')).inspectCommand,
  who: async () => (await import('./commands/who.ts')).whoCommand,
  sessions: async () => (await import('./commands/sessions.ts')).sessionsCommand,
  calls: async () => (await import('./commands/calls.ts')).callsCommand,
  people: async () => (await import('./commands/overviews.ts')).peopleCommand,
  roles: async () => (await import('./commands/overviews.ts')).rolesCommand,
  addresses: async () => (await import('./commands/overviews.ts')).addressesCommand,
  resources: async () => (await import('./commands/overviews.ts')).resourcesCommand,
  refused: async () => (await import('./commands/refused.ts')).refusedCommand,
  verify: async () => (await import('./commands/verify.ts')).verifyCommand,
  evidence: async () => (await import('./commands/evidence.ts')).evidenceCommand,
  export: async () => (await import('./commands/export.ts')).exportCommand,
  console: async () => (await import('./commands/console.ts')).consoleCommand,
  quarantine: async () => (await import('./commands/quarantine.ts')).quarantineCommand,
  cloud: async () => (await import('./commands/cloud.ts')).cloudCommand,
  init: async () => (await import('./commands/init.ts')).initCommand,
};

/**
 * The command line: commander writes its usage errors through `writeError`. `words`: what was asked; without a command's name in it, all
 * commands are there, for help and suggestions.
 */
export async function buildProgram(
  run: Run,
  writeError: (text: string) => void,
  words: readonly string[] = [],
): Promise<Command> {
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
  const asked = words.find(word => !word.startsWith('-')) ?? '';
  const wanted = Object.hasOwn(commands, asked) ? [asked] : Object.keys(commands);
  for (const name of wanted) (await commands[name]?.())?.(program, run);
  return program;
}
