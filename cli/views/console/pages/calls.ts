import { recordName } from '../../../../core/linking/listed.ts';
import type { People } from '../../../people/people.ts';
import { timeIn } from '../../../queries/arguments.ts';
import { pageOf } from '../../../queries/page.ts';
import { callsWanted, type WantedCalls } from '../../../queries/wanted-calls.ts';
import { type Html, html } from '../../text/html.ts';
import { link } from '../link.ts';
import { activityTabs } from '../parts/activity-tabs.ts';
import { callRows } from '../parts/call-rows.ts';
import { lackNote } from '../parts/empty.ts';
import type { Shown } from '../shown.ts';
import { framed } from './page.ts';

const perPage = 100;

const fields = [
  ['person', 'Person', ''],
  ['role', 'Role', ''],
  ['session', 'Session or key', ''],
  ['service', 'Service', 's3'],
  ['action', 'Action', 'Get*'],
  ['resource', 'Resource', 'bucket or ARN'],
  ['address', 'From', '203.0.113.77'],
  ['since', 'At or after', '2025-03-11, 2h'],
  ['until', 'Before', '14:00'],
] as const;

/** Calls over sessions, newest first, a page of them from the name of a record on. */
export async function callsPage(
  { store, lack }: Pick<Shown, 'store' | 'lack'>,
  query: Record<string, string>,
  people: People,
): Promise<Html> {
  const { items, next } = await pageOf(callsWanted(wantedIn(query), store, people), perPage);
  await people.meet(items.flatMap(({ session }) => session ?? []));
  const { from: _, ...asked } = query;
  return framed({
    title: query.error ? 'Refused and failed calls' : 'Calls',
    at: 'activity',
    body: html`<div class="head"><h1>${query.error ? 'Refused and failed calls' : 'Calls'}</h1></div>${activityTabs(query.error ? '/calls?error=any' : '/calls')}${lackNote(lack)}
<form class="filters" action="/calls">${fields.map(
      ([name, label, hint]) =>
        html`<label class="short">${label}<input name="${name}" value="${query[name] ?? ''}" placeholder="${hint}"></label>`,
    )}
<label class="short">Error<input name="error" value="${query.error ?? ''}" placeholder="any, or AccessDenied"></label>
<label>Changes only<input type="checkbox" name="write" value="1"${query.write ? html` checked` : null}></label><button>Show</button></form>
${items.length > 0 ? callRows(items, people) : html`<p class="empty">No call matches. <a href="/calls">All calls</a></p>`}
<nav class="pager" aria-label="Pages">${query.from ? html`<a href="${link('/calls', asked)}">Newest</a>` : null}${
      next
        ? html`<a rel="next" href="${link('/calls', { ...asked, from: recordName(next.call) })}">Older: there are more</a>`
        : null
    }</nav>`,
  });
}

/** A form sends what was left empty, too. Throws InvalidArgumentError for what is no time. */
function wantedIn(query: Record<string, string>): WantedCalls {
  const given = (name: string) => query[name]?.trim() || undefined;
  const { since, until, error } = { since: given('since'), until: given('until'), error: given('error') };
  return {
    ...Object.fromEntries(fields.map(([name]) => [name, given(name)])),
    since: since && timeIn(since),
    until: given('from') ?? (until && timeIn(until)),
    error: error === 'any' ? true : error,
    write: query.write !== undefined && query.write !== '',
  };
}
