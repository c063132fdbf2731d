import type { TimeSpan } from '../../../../core/records/times.ts';
import { CliError } from '../../../failure.ts';
import type { People } from '../../../people/people.ts';
import type { Activity } from '../../../queries/activity.ts';
import { activityOf } from '../../../queries/activity.ts';
import { timeIn } from '../../../queries/arguments.ts';
import {
  activityOfAddress,
  activityOfPerson,
  activityOfResource,
  activityOfRole,
} from '../../../queries/one-activity.ts';
import type { Store } from '../../../queries/store.ts';
import { addressesIn, type Done, peopleIn, resourcesIn, rolesIn } from '../../../queries/summaries.ts';
import { nameParty, nameRole } from '../../terminal/party.ts';
import {
  accessText,
  addressList,
  doneCells,
  personList,
  resourceList,
  roleList,
} from '../../terminal/summary-lists.ts';
import { plural } from '../../text/format.ts';
import { type Html, html, type Value } from '../../text/html.ts';
import { linkedText } from '../../text/linked-text.ts';
import type { Listed } from '../../text/listed.ts';
import { link } from '../link.ts';
import { activityTabs } from '../parts/activity-tabs.ts';
import { lackNote, nothingAudited } from '../parts/empty.ts';
import { sessionRows } from '../parts/session-rows.ts';
import type { Shown } from '../shown.ts';
import { framed } from './page.ts';

/** A way to look at what was done, as a page. */
interface Overview {
  name: 'people' | 'roles' | 'addresses' | 'resources';
  title: string;
  /** the filter of the page of calls that has the same */
  filter: string;
  one: (name: string, store: Store, span: TimeSpan, people: People) => Promise<Activity>;
}

export const overviews: readonly Overview[] = [
  { name: 'people', title: 'People and workloads', filter: 'person', one: activityOfPerson },
  { name: 'roles', title: 'Roles', filter: 'role', one: activityOfRole },
  { name: 'addresses', title: 'Addresses', filter: 'address', one: activityOfAddress },
  { name: 'resources', title: 'Resources', filter: 'resource', one: activityOfResource },
];

/** Rows of a list on a page of its own, and on one of something else. */
const perPage = 100;
const perPart = 20;

/** One of the lists, or one thing of it from every side. */
export async function overviewPage(
  { name, title, filter, one }: Overview,
  shown: Shown,
  query: Record<string, string>,
  people: People,
): Promise<Html> {
  const { name: asked = '', since, until, page = '1' } = query;
  const span = { since: since ? timeIn(since) : undefined, until: until ? timeIn(until) : undefined };
  const activity = asked ? await one(asked, shown.store, span, people) : await activityOf(shown.store, span);
  await people.meet(activity.sessions.map(({ answer }) => answer));
  const parts = partsOf(activity, people);
  const own = parts.find(part => part.name === name);
  const at = Math.max(1, Number.parseInt(page, 10) || 1);
  const { counts, from } = activity;
  return framed({
    title: asked || title,
    at: 'activity',
    body: html`<div class="head"><h1>${asked || title}</h1></div>${activityTabs(`/${name}`)}${lackNote(shown.lack)}
<form class="filters" action="/${name}">${asked ? html`<input type="hidden" name="name" value="${asked}">` : null}<label class="short">At or after<input name="since" value="${since ?? ''}" placeholder="2025-03-11, 2h"></label>
<label class="short">Before<input name="until" value="${until ?? ''}" placeholder="14:00"></label><button>Show</button></form>
<p class="sub">${linkedText(counts)}. ${asked ? html`<a href="${link('/calls', { [filter]: asked, since, until })}">These calls</a>` : null}${from ? html` Nothing before ${from} was looked at: there is too much of it for one page.` : null}</p>
${asked ? parts.map(part => section(part)) : (own?.table(perPage, at) ?? null)}
${asked ? sessionsSection(activity, people) : pager(name, { since, until }, at, own?.count ?? 0)}
${!asked && own?.count === 0 ? await nothingAudited(shown, since || until ? 'No call in that time.' : `No ${title.toLowerCase()} yet.`) : null}`,
  });
}

interface Part {
  name: string;
  title: string;
  count: number;
  table: (most: number, page?: number) => Html;
}

function partsOf(activity: Activity, people: People): Part[] {
  return [
    part('people', 'Who', peopleIn(activity), personList(people), 'newest', ['Name', 'As'], each => {
      const { name, what } = nameParty(each.origin, people);
      const id =
        each.origin.arn ?? each.origin.onBehalfOf ?? each.origin.principalId ?? each.origin.invokedBy ?? name;
      return [
        html`<a class="main" href="${link('/people', { name: id })}">${name}</a><div class="sub">${what}</div>`,
        each.roles.slice(0, 3).map(role => html`<div>${nameRole(role).name}</div>`),
      ];
    }),
    part('roles', 'Under', rolesIn(activity), roleList, 'newest', ['Role', 'Behind it'], each => [
      html`<a class="main" href="${link('/roles', { name: each.roleArn })}">${nameRole(each.roleArn).name}</a><div class="sub">${nameRole(each.roleArn).what}</div>`,
      behind(each.people, each.unexplained),
    ]),
    part(
      'addresses',
      'From',
      addressesIn(activity),
      addressList,
      'newest',
      ['Address', 'Behind it'],
      each => [
        html`<a class="main" href="${link('/addresses', { name: each.address })}">${each.address}</a><div class="sub">${each.agents[0] ?? ''}${each.agents.length > 1 ? ` and ${each.agents.length - 1} more` : ''}</div>`,
        behind(each.people),
      ],
    ),
    part(
      'resources',
      'Touched',
      resourcesIn(activity),
      resourceList,
      'newest',
      ['Resource', 'Access'],
      each => [
        html`<a class="main" href="${link('/resources', { name: each.id })}" title="${each.id}">${each.name}</a><div class="sub">${each.type}${each.account ? ` · account ${each.account}` : ''}</div>`,
        accessText(each.access),
      ],
    ),
  ];
}

function part<T extends Done>(
  name: string,
  title: string,
  rows: T[],
  { sorts = {} }: Listed<T>,
  by: string,
  heads: [string, string],
  cells: (row: T) => [Value, Value],
): Part {
  const inOrder = [...rows].sort(sorts[by] ?? (() => 0));
  return {
    name,
    title,
    count: rows.length,
    table: (most, page = 1) => {
      const shown = inOrder.slice((page - 1) * most, page * most);
      if (shown.length === 0) return html``;
      return html`<div class="scroll"><table class="list"><thead><tr><th>${heads[0]}</th><th class="n">Sessions</th><th class="n">Calls</th><th class="n">Failed</th><th>First and last call</th><th>${heads[1]}</th></tr></thead>
<tbody>${shown.map(row => {
        const [first, last] = cells(row);
        const span = doneCells(row).at(-1);
        return html`<tr><td class="wide">${first}</td><td class="n">${row.sessions}</td><td class="n">${row.calls}</td><td class="n">${row.failed || ''}</td><td class="time">${span}</td><td class="mid">${last}</td></tr>`;
      })}</tbody></table></div>`;
    },
  };
}

function behind(people: number, unexplained = 0): string {
  const known = people === 0 ? 'nobody known' : plural(people, 'person or workload', 'people or workloads');
  return unexplained > 0 ? `${known}; ${plural(unexplained, 'session')} unexplained` : known;
}

function section({ title, count, table }: Part): Html {
  if (count === 0) return html``;
  const rest = count - perPart;
  return html`<section><h2>${title}</h2>${table(perPart)}${rest > 0 ? html`<p class="sub">and ${rest.toLocaleString('en-US')} more</p>` : null}</section>`;
}

function sessionsSection({ sessions }: Activity, people: People): Html {
  const newest = [...sessions].reverse().map(({ answer }) => answer);
  const rest = newest.length - perPart;
  return html`<section><h2>Sessions, newest first</h2>${sessionRows(newest.slice(0, perPart), people)}${rest > 0 ? html`<p class="sub">and ${rest.toLocaleString('en-US')} more</p>` : null}</section>`;
}

function pager(name: string, asked: Record<string, string | undefined>, at: number, count: number): Html {
  const pages = Math.ceil(count / perPage);
  if (pages <= 1) return html``;
  if (at > pages) throw new CliError(`there is no page ${at}`);
  return html`<nav class="pager" aria-label="Pages">${at > 1 ? html`<a href="${link(`/${name}`, { ...asked, page: at - 1 })}">Before</a>` : null}<span class="sub">page ${at} of ${pages}, ${count.toLocaleString('en-US')} in all</span>${at < pages ? html`<a rel="next" href="${link(`/${name}`, { ...asked, page: at + 1 })}">After</a>` : null}</nav>`;
}
