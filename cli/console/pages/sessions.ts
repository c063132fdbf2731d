import type { SessionAnswer } from '../../../steps/linking/session-answer.ts';
import { baseConfig } from '../../base-config.ts';
import type { Deployment } from '../../deployment.ts';
import { told } from '../../lookup.ts';
import type { People } from '../../people/people.ts';
import { inTime, roleArnOf } from '../../queries/sessions.ts';
import { timeIn } from '../../queries/time.ts';
import { type Html, html } from '../../text/html.ts';
import { link } from '../link.ts';
import { sessionRows } from '../parts/session-rows.ts';
import { framed } from './page.ts';

const perPage = 50;

/** Sessions of the audited roles, of one role, of one principal, or those these logs do not explain; oldest first. */
export async function sessionsPage(
  deployment: Deployment,
  query: Record<string, string>,
  people: People,
): Promise<Html> {
  const { role, origin, show, since, from } = query;
  const start = from ?? (since ? timeIn(since) : undefined);
  const found = await firstOf(lists(deployment, query, start));
  const next = found[perPage];
  const page = await told(found.slice(0, perPage), deployment);
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
<nav class="tabs" aria-label="Which">${tab('Audited roles', '/sessions', !role && !origin && show !== 'open')}${tab('Not explained', link('/sessions', { show: 'open' }), show === 'open')}</nav>
<form class="filters" action="/sessions"><label>Role (ARN or name)<input name="role" value="${role ?? ''}"></label>
<label>Principal (ARN, id or service)<input name="origin" value="${origin ?? ''}"></label>
<label class="short">Began at or after<input name="since" value="${since ?? ''}" placeholder="2025-03-11"></label>
${show === 'open' ? html`<input type="hidden" name="show" value="open">` : null}<button>Show</button></form>
${page.length > 0 ? sessionRows(page, people) : nothing(query)}
<nav class="pager" aria-label="Pages">${from ? html`<a href="${link('/sessions', { role, origin, show, since })}">First</a>` : null}${
      next
        ? html`<a rel="next" href="${link('/sessions', { role, origin, show, since, from: `${next.began}#${next.session}` })}">Later</a>`
        : null
    }</nav>`,
  });
}

function nothing({ role, origin, show, since }: Record<string, string>): Html {
  if (role || origin || since)
    return html`<p class="empty">No session is known for that. A role, a principal and a time are taken whole; the search above finds keys and events, too.</p>`;
  return show === 'open'
    ? html`<p class="empty">These logs explain every session.</p>`
    : html`<p class="empty">No session of an audited role is known yet. They appear once <a href="/">executions</a> have read log files.</p>`;
}

function tab(label: string, href: string, chosen: boolean): Html {
  return html`<a href="${href}"${chosen ? html` aria-current="page"` : null}>${label}</a>`;
}

function lists(
  deployment: Deployment,
  { role, origin, show }: Record<string, string>,
  start: string | undefined,
): AsyncGenerator<SessionAnswer>[] {
  const table = deployment.sessions;
  if (origin) return [table.byOrigin(origin, start)];
  if (role) return [table.byRole(roleArnOf(role, deployment), start)];
  if (show === 'open')
    return (['unlinked', 'ambiguous', 'unknown'] as const).map(status => table.open(status, start));
  const roles = baseConfig().auditedRoles.filter(each => each !== '*');
  return roles.map(each => table.byRole(roleArnOf(each, deployment), start));
}

/** A page of several lists together, and one more. No list can have more of a page than the whole page. */
async function firstOf(all: AsyncGenerator<SessionAnswer>[]): Promise<SessionAnswer[]> {
  const found: SessionAnswer[] = [];
  for (const list of all) {
    let taken = 0;
    for await (const answer of list) {
      found.push(answer);
      taken += 1;
      if (taken > perPage) break;
    }
  }
  return inTime(found).slice(0, perPage + 1);
}
