import type { Command } from 'commander';
import type { Context, Run } from '../context.ts';
import { exitCode } from '../failure.ts';
import { endedNote } from '../queries/kept.ts';
import { callsWanted } from '../queries/wanted-calls.ts';
import { callList } from '../views/terminal/call-list.ts';
import { auditedNote } from './audited-note.ts';
import { inOrder, type ListingOptions, list, newestFirst, withListing } from './listing.ts';
import { type NamesOptions, peopleOf, withAskedNames } from './names.ts';
import { onStore, type TargetOptions, withStoreOptions } from './target.ts';

interface CallsOptions extends TargetOptions, NamesOptions, ListingOptions {
  service?: string;
  action?: string;
  resource?: string;
  error?: string | true;
  address?: string;
  write?: boolean;
  role?: string;
  session?: string;
  person?: string;
}

const help = `
Examples:
  $ roletrail calls --since 2h --write                       what was changed in the last two hours
  $ roletrail calls --resource my-bucket                     also of its objects; an ARN or a name, in any case
  $ roletrail calls --person mreyes --error                  what they were refused, or failed at
  $ roletrail calls --service kms --action 'Decrypt*' --role DataAdmin
  $ roletrail calls --session latest --csv > calls.csv
  $ roletrail calls --address 203.0.113.77 --since 14:00 --until 15:00 --json

Newest first; all filters that are given have to hold. Another account's record of a call, and addenda, are not listed again.`;

export function callsCommand(program: Command, run: Run) {
  const command = withAskedNames(withStoreOptions(program.command('calls')))
    .description('list calls over all sessions, newest first')
    .option('--service <name>', 's3, or s3.amazonaws.com')
    .option('--action <name>', "GetObject, 'Get*' or s3:GetObject")
    .option('--resource <name>', 'what they touched: a name, the end of one, or an ARN')
    .option('--error [code]', 'that ended in an error; in this one')
    .option('--address <address>', 'from this IP address or service')
    .option('--write', 'that changed something, or who may do what')
    .option('--role <role>', 'under this role: ARN, name or id')
    .option('--session <session>', 'of this session: its name or key, the beginning of one, or latest')
    .option('--person <principal>', 'of whom this is a name, mail, ARN or id');
  withListing(command, { times: 'made', sorts: newestFirst })
    .addHelpText('after', help)
    .action((options: CallsOptions) => run(context => calls(options, context)));
}

async function calls(options: CallsOptions, { screen }: Context): Promise<number> {
  const people = await peopleOf(options, screen);
  await onStore(options, async store => {
    await list(
      screen,
      inOrder(callsWanted(options, store, people), options),
      callList(people, screen.paint),
      options,
      {
        ready: async part => {
          await people.meet(part.flatMap(({ session }) => session ?? []));
          return part;
        },
        notes: shown => [
          store.lack,
          ...(shown === 0 ? [auditedNote(store), endedNote(store, options.since)] : []),
        ],
      },
    );
  });
  return exitCode.done;
}
