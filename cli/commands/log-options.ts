import { type Command, InvalidArgumentError, Option } from 'commander';

/** The paths that are read, and what counts of the records in them. */
export function withLogOptions(command: Command): Command {
  return command
    .argument('<path...>', 'files, folders or archives')
    .addOption(
      new Option(
        '--roles <role>',
        "role ARN, whole role name, AWSReservedSSO_NAME_* or '*', in any case and path; may be repeated",
      )
        .argParser(collectRoles)
        .default([], 'every temporary credential'),
    )
    .addOption(
      new Option('--accounts <account>', "account the log files are of, or '*'; may be repeated")
        .argParser((account: string, accounts: string[]) => [...accounts, account])
        .default([], 'whatever the records name'),
    );
}

function collectRoles(role: string, roles: string[]): string[] {
  if (role === '') throw new InvalidArgumentError('Expected the name or ARN of a role, or *.');
  return [...roles, role];
}
