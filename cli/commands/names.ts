import { type Command, InvalidArgumentError } from 'commander';
import { readOutputsFile } from '../deployment/outputs.ts';
import { UsageError } from '../failure.ts';
import { readNamesFile } from '../people/names-file.ts';
import { noNames, People } from '../people/people.ts';
import { clean } from '../views/text/clean.ts';
import type { Screen } from '../views/text/screen.ts';
import type { TargetOptions } from './target.ts';

/** How users of Identity Center are named where they are shown. */
export interface NamesOptions {
  names?: string;
  askIdentityStore?: Store;
}

interface Store {
  id: string;
  region: string | null;
}

export function withNames(command: Command): Command {
  return command.option(
    '--names <file>',
    'users of Identity Center by name: what "aws identitystore list-users" prints, {"ID": "name"}, or CSV of id,name',
  );
}

/** Beside a file, the store itself may be asked: off unless named, for it takes a permission of its own. */
export function withAskedNames(command: Command): Command {
  return withNames(command).option(
    '--ask-identity-store <id[@region]>',
    "with --target aws: ask for names that no file has (identitystore:DescribeUser, for who NAME also GetUserId); region: the stack's",
    storeIn,
  );
}

function storeIn(text: string): Store {
  const [, id, region = null] =
    /^(d-[0-9a-f]{10}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?:@([a-z]+(?:-[a-z]+)+-\d+))?$/.exec(
      text,
    ) ?? [];
  if (!id)
    throw new InvalidArgumentError(
      'Expected d-1234567890 or d-1234567890@eu-west-1; "aws sso-admin list-instances" shows it.',
    );
  return { id, region };
}

/** Throws UsageError for a file that cannot be used. */
export async function peopleOf(
  { names: file, askIdentityStore: store, ...target }: NamesOptions & Partial<TargetOptions>,
  screen: Screen,
): Promise<People> {
  if (!store) return file === undefined ? noNames : new People(readNamesFile(file));
  const { target: where, state, outputs } = target;
  if (where !== 'aws' || state === undefined || outputs === undefined)
    throw new UsageError('--ask-identity-store needs --target aws; without AWS, use --names FILE');
  // Loaded when they are used: nothing else needs them.
  const { checkState } = await import('../deployment/local-cloud.ts');
  const { regionOf } = await import('../deployment/deployment.ts');
  const { askIdentityStore, askIdentityStoreForIds } = await import('../people/identity-store.ts');
  // Names that were kept there are shown as the store's.
  checkState(state);
  const names = file === undefined ? new Map<string, string>() : readNamesFile(file);
  const region = store.region ?? regionOf(readOutputsFile(outputs));
  const say = (text: string) => screen.error(clean(text));
  const asked = { store: store.id, region, state, say };
  return new People(names, askIdentityStore(asked), askIdentityStoreForIds(asked));
}
