import type { People } from '../../../people/people.ts';
import { timeIn } from '../../../queries/arguments.ts';
import { endedNote } from '../../../queries/kept.ts';
import { reported } from '../../../queries/lookup.ts';
import { pageOf } from '../../../queries/page.ts';
import { sessionSortKey, sessionsOf } from '../../../queries/sessions.ts';
import type { Store } from '../../../queries/store.ts';
import { upperFirst } from '../../text/format.ts';
import { type Html, html } from '../../text/html.ts';
import { link } from '../link.ts';
import { sessionRows } from '../parts/session-rows.ts';
import { framed } from './page.ts';

const perPage = 50;
const unexplained = ['unlinked', 'ambiguous', 'unknown'] as const;

/** All sessions, the sessions of one role or principal, or the sessions that these logs do not explain; oldest first. */
export async function sessionsPage(
  store: Store,
  query: Record<string, string>,
  people: People,
): Promise<Html> {
  const { role, origin, show, since, from } = query;
  const start = from || (since ? timeIn(since) : undefined);
  // A form sends what was left empty, too.
  const open = show === 'open' && !role && !origin ? unexplained : undefined;
  const wanted = { open, role: role || undefined, origin: origin || undefined, since: start };
  const { items, next } = await pageOf(sessionsOf(wanted, store), perPage);
  const page = await reported(items, store);
  await people.meet(page);
  const title = origin
    ? `Sessions of ${origin}`
    : role
      ? `Sessions of ${role}`
      : show === 'open'
        ? 'Not explained by these logs'
        : 'Sessions';
  return framed({
    title,
    at: 'sessions',
    body: html`<div class="head"><h1>${title}</h1></div>
<nav class="tabs" aria-label="Which">${tab('All', '/sessions', !role && !origin && show !== 'open')}${tab('Not explained', link('/sessions', { show: 'open' }), show === 'open')}</nav>
<form class="filters" action="/sessions"><label>Role (ARN, name or id)<input name="role" value="${role ?? ''}"></label>
<label>Behind it (ARN, id, name or service)<input name="origin" value="${origin ?? ''}"></label>
<label class="short">Began at or after<input name="since" value="${since ?? ''}" placeholder="2025-03-11"></label>
${show === 'open' ? html`<input type="hidden" name="show" value="open">` : null}<button>Show</button></form>
${page.length > 0 ? sessionRows(page, people) : nothing(query, endedNote(store))}
<nav class="pager" aria-label="Pages">${from ? html`<a href="${link('/sessions', { role, origin, show, since })}">First</a>` : null}${
      next
        ? html`<a rel="next" href="${link('/sessions', { role, origin, show, since, from: sessionSortKey(next) })}">Later</a>`
        : null
    }</nav>`,
  });
}

function nothing({ role, origin, show, since }: Record<string, string>, note: string | null): Html {
  const ended = note ? html` ${upperFirst(note)}.` : null;
  if (role || origin || since)
    return html`<p class="empty">No session matches. Enter the whole principal; the search above also finds keys, events and session names.${ended}</p>`;
  return show === 'open'
    ? html`<p class="empty">These logs explain every session.${ended}</p>`
    : html`<p class="empty">No sessions yet. They appear when <a href="/">executions</a> have read log files.${ended}</p>`;
}

function tab(label: string, href: string, chosen: boolean): Html {
  return html`<a href="${href}"${chosen ? html` aria-current="page"` : null}>${label}</a>`;
}
