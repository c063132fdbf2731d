import type { People } from '../../../people/people.ts';
import { activeSessions } from '../../../queries/active-sessions.ts';
import { timeIn } from '../../../queries/arguments.ts';
import { endedNote } from '../../../queries/kept.ts';
import { pageOf } from '../../../queries/page.ts';
import { reported } from '../../../queries/reported-answers.ts';
import { sessionSortKey } from '../../../queries/sessions.ts';
import { upperFirst } from '../../text/format.ts';
import { type Html, html } from '../../text/html.ts';
import { link } from '../link.ts';
import { nothingAudited } from '../parts/empty.ts';
import { sessionRows } from '../parts/session-rows.ts';
import type { Shown } from '../shown.ts';
import { framed } from './page.ts';

const perPage = 50;
const unexplained = ['unlinked', 'ambiguous', 'unknown'] as const;

/** All sessions, the sessions of one role or principal, or the sessions that these logs do not explain; newest first. */
export async function sessionsPage(
  shown: Pick<Shown, 'store' | 'audited'>,
  query: Record<string, string>,
  people: People,
): Promise<Html> {
  const { store } = shown;
  const { role, origin, show, since, until, from } = query;
  // A form sends what was left empty, too.
  const open = show === 'open' && !role && !origin ? unexplained : undefined;
  const span = { since: since ? timeIn(since) : undefined, until: until ? timeIn(until) : undefined };
  const wanted = {
    open,
    role: role || undefined,
    origin: origin || undefined,
    ...span,
    from: from || undefined,
  };
  const found = activeSessions({ ...wanted, sort: 'newest' }, store);
  const { items, next } = await pageOf(found.answers, perPage);
  const page = await reported(items, store);
  await people.meet(page);
  const title = origin
    ? `Sessions of ${origin}`
    : role
      ? `Sessions of ${role}`
      : show === 'open'
        ? 'Not explained by these logs'
        : 'Sessions';
  const asked = { role, origin, show, since, until };
  const back = found.from();
  return framed({
    title,
    at: 'sessions',
    body: html`<div class="head"><h1>${title}</h1></div>
<nav class="tabs" aria-label="Which">${tab('All', '/sessions', !role && !origin && show !== 'open')}${tab('Not explained', link('/sessions', { show: 'open' }), show === 'open')}</nav>
<form class="filters" action="/sessions"><label>Role (ARN, name or id)<input name="role" value="${role ?? ''}"></label>
<label>Behind it (ARN, id, name or service)<input name="origin" value="${origin ?? ''}"></label>
<label class="short">Called or began at or after<input name="since" value="${since ?? ''}" placeholder="2025-03-11, 2h"></label>
<label class="short">Before<input name="until" value="${until ?? ''}" placeholder="14:00"></label>
${show === 'open' ? html`<input type="hidden" name="show" value="open">` : null}<button>Show</button></form>
${page.length > 0 ? sessionRows(page, people) : await nothing(shown, query)}
${back ? html`<p class="sub">Nothing before ${back} was looked at: there is too much of it for one page.</p>` : null}
<nav class="pager" aria-label="Pages">${from ? html`<a href="${link('/sessions', asked)}">Newest</a>` : null}${
      next
        ? html`<a rel="next" href="${link('/sessions', { ...asked, from: sessionSortKey(next) })}">Older: there are more</a>`
        : null
    }</nav>`,
  });
}

async function nothing(
  shown: Pick<Shown, 'store' | 'audited'>,
  { role, origin, show, since, until }: Record<string, string>,
): Promise<Html> {
  const note = endedNote(shown.store);
  const ended = note ? html` ${upperFirst(note)}.` : null;
  if (role || origin || since || until)
    return html`<p class="empty">No session matches. Enter the whole principal; the search above also finds keys, events and session names.${ended}</p>`;
  if (show !== 'open') return nothingAudited(shown, 'No session is here.');
  return html`<p class="empty">These logs explain every session.${ended}</p>`;
}

function tab(label: string, href: string, chosen: boolean): Html {
  return html`<a href="${href}"${chosen ? html` aria-current="page"` : null}>${label}</a>`;
}
