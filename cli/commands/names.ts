import type { Command } from 'commander';
import { readNamesFile } from '../people/names-file.ts';
import { noNames, People } from '../people/people.ts';

/** How people of Identity Center are named where they are shown. */
export interface NamesOptions {
  names?: string;
}

export function withNames(command: Command): Command {
  return command.option(
    '--names <file>',
    'show users of Identity Center by name: what "aws identitystore list-users" prints, {"ID": "name"}, or CSV of id,name',
  );
}

/** Throws UsageError for a file that cannot be used. */
export function peopleOf({ names }: NamesOptions): People {
  return names === undefined ? noNames : new People(readNamesFile(names));
}
