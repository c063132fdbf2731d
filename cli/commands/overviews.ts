import type { Command } from 'commander';
import type { TimeSpan } from '../../core/records/times.ts';
import { isCalled } from '../../core/resources/filed.ts';
import type { Context, Run } from '../context.ts';
import { exitCode } from '../failure.ts';
import { noNames, type People } from '../people/people.ts';
import { type Activity, activityOf } from '../queries/activity.ts';
import { endedNote } from '../queries/kept.ts';
import {
  activityOfAddress,
  activityOfPerson,
  activityOfResource,
  activityOfRole,
} from '../queries/one-activity.ts';
import type { AskedStore } from '../queries/store.ts';
import { addressesIn, peopleIn, resourcesIn, rolesIn } from '../queries/summaries.ts';
import { detailLines } from '../views/terminal/detail.ts';
import { addressList, personList, resourceList, roleList } from '../views/terminal/summary-lists.ts';
import type { Listed } from '../views/text/listed.ts';
import { shownJson } from '../views/text/masked.ts';
import { auditedNote } from './audited-note.ts';
import { type ListingOptions, list, sorted, withListing } from './listing.ts';
import { type NamesOptions, peopleOf, withAskedNames } from './names.ts';
import { fromNote } from './sessions.ts';
import { onStore, type TargetOptions, withStoreOptions } from './target.ts';

interface OverviewOptions extends TargetOptions, NamesOptions, ListingOptions {}

/** One way to look at what was done: by who, by role, by address, by what was touched. */
interface Overview<T> {
  name: string;
  /** what NAME may be */
  takes: string;
  about: string;
  examples: string;
  listed: (people: People) => Listed<T>;
  rows: (activity: Activity) => T[];
  /** what was done by, under, from or to one of them */
  one: (name: string, store: AskedStore, span: TimeSpan, people: People) => Promise<Activity>;
  /** the rows of one of them; absent: all that its activity has */
  own?: (row: T, name: string) => boolean;
}

const people: Overview<ReturnType<typeof peopleIn>[number]> = {
  name: 'people',
  takes: 'a name, mail, ARN or id; of a workload or service its own',
  about: 'who is behind calls: people, workloads and services',
  examples: `
  $ roletrail people --since 1d --sort calls
  $ roletrail people mreyes                 their roles, addresses, sessions, and what they touched`,
  listed: personList,
  rows: peopleIn,
  one: activityOfPerson,
};

const roles: Overview<ReturnType<typeof rolesIn>[number]> = {
  name: 'roles',
  takes: "a role's name, ARN or id",
  about: 'the roles that calls were made under',
  examples: `
  $ roletrail roles --sort sessions
  $ roletrail roles DataAdmin               who used it, from where, and what for`,
  listed: () => roleList,
  rows: rolesIn,
  one: activityOfRole,
};

const addresses: Overview<ReturnType<typeof addressesIn>[number]> = {
  name: 'addresses',
  takes: 'an IP address, or the name of a service',
  about: 'the addresses that calls came from',
  examples: `
  $ roletrail addresses --since 14:00
  $ roletrail addresses 203.0.113.77        who called from there, and what for`,
  listed: () => addressList,
  rows: addressesIn,
  one: activityOfAddress,
};

const resources: Overview<ReturnType<typeof resourcesIn>[number]> = {
  name: 'resources',
  takes: "a resource's name, the end of one, or an ARN; a bucket also for its objects",
  about: 'what calls touched: buckets, objects, secrets, users, instances and more',
  examples: `
  $ roletrail resources --sort writes --since 1d
  $ roletrail resources my-bucket           who read it, who changed it, and from where`,
  listed: () => resourceList,
  rows: resourcesIn,
  one: activityOfResource,
  own: (resource, name) => isCalled(resource, name),
};

export const peopleCommand = adding(people);
export const rolesCommand = adding(roles);
export const addressesCommand = adding(addresses);
export const resourcesCommand = adding(resources);

function adding<T>(overview: Overview<T>) {
  return (program: Command, run: Run) => {
    const { name, takes, about, examples, listed } = overview;
    const sorts = Object.keys(listed(noNames).sorts ?? {});
    const command = withAskedNames(withStoreOptions(program.command(name)))
      .description(`list ${about}; with a name, that one in detail`)
      .argument('[name]', takes);
    withListing(command, { times: 'calls made', sorts })
      .addHelpText(
        'after',
        `\nExamples:${examples}\n\nEach call counts once, in the time that is asked for. roletrail calls lists the calls themselves.`,
      )
      .action((subject: string | undefined, options: OverviewOptions) =>
        run(context =>
          subject === undefined
            ? all(overview, options, context)
            : detail(overview, subject, options, context),
        ),
      );
  };
}

async function all<T>(
  { rows, listed }: Overview<T>,
  options: OverviewOptions,
  { screen }: Context,
): Promise<number> {
  const people = await peopleOf(options, screen);
  const { since, until, sort } = options;
  await onStore(options, async store => {
    const activity = await activityOf(store, { since, until });
    await people.meet(activity.sessions.map(({ answer }) => answer));
    const view = listed(people);
    await list(screen, sorted(rows(activity), view, sort), view, options, {
      notes: shown => [
        store.lack,
        fromNote(activity.from),
        shown === 0 ? auditedNote(store) : null,
        shown === 0 ? endedNote(store, since) : null,
      ],
    });
  });
  return exitCode.done;
}

async function detail<T>(
  overview: Overview<T>,
  name: string,
  options: OverviewOptions,
  { screen }: Context,
): Promise<number> {
  const people = await peopleOf(options, screen);
  const { since, until, sort, json, csv } = options;
  await onStore(options, async store => {
    const activity = await overview.one(name, store, { since, until }, people);
    await people.meet(activity.sessions.map(({ answer }) => answer));
    const view = overview.listed(people);
    const rows = sorted(overview.rows(activity), view, sort).filter(row => overview.own?.(row, name) ?? true);
    if (csv) return list(screen, rows, view, options, { notes: () => [store.lack, fromNote(activity.from)] });
    if (json) screen.line(shownJson(detailJson(activity), 2));
    else {
      for (const line of view.lines(rows)) screen.line(line);
      for (const line of detailLines(activity, overview.name, {
        paint: screen.paint,
        people,
        most: options.limit,
      }))
        screen.line(line);
    }
    for (const note of [store.lack, fromNote(activity.from)]) if (note) screen.error(note);
  });
  return exitCode.done;
}

function detailJson(activity: Activity) {
  const { counts, from, sessions } = activity;
  return {
    ...{ counts, from },
    ...{ people: peopleIn(activity), roles: rolesIn(activity) },
    ...{ addresses: addressesIn(activity), resources: resourcesIn(activity) },
    sessions: sessions.map(({ answer, calls }) => ({ ...answer, calls: calls.length })),
  };
}
