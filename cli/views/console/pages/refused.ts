import { attemptName } from '../../../../core/linking/refused.ts';
import { pageOf } from '../../../queries/page.ts';
import { type ExplainedAttempt, explained } from '../../../queries/refusals.ts';
import type { Store } from '../../../queries/store.ts';
import { refusalText } from '../../terminal/doings.ts';
import { nameRole } from '../../terminal/party.ts';
import { day } from '../../text/format.ts';
import { type Html, html } from '../../text/html.ts';
import { link } from '../link.ts';
import { type SpanQuery, spanForm, spanOf, spanPager } from '../parts/span.ts';
import { framed } from './page.ts';

const perPage = 50;

/** Attempts to assume an audited role that were refused, newest first. */
export async function refusedPage(store: Store, query: SpanQuery): Promise<Html> {
  const { items, next } = await pageOf(store.refused.newestFirst(spanOf(query)), perPage);
  return framed({
    title: 'Refused attempts',
    at: 'refused',
    body: html`<div class="head"><h1>Refused attempts</h1></div>
<p class="sub">Denied attempts to assume an audited role. AWS logs an attempt from another account only in that account: it appears here only if that partner sends it.</p>
${spanForm('/refused', query)}${items.length === 0 ? nothing(query) : table(await explained(items, store))}${spanPager('/refused', query, next && attemptName(next))}`,
  });
}

function nothing({ since, until, from }: SpanQuery): Html {
  return since || until || from
    ? html`<p class="empty">No attempt was refused in that time. <a href="/refused">All attempts</a></p>`
    : html`<p class="empty">These logs show no refused attempt to assume an audited role.</p>`;
}

function table(attempts: readonly ExplainedAttempt[]): Html {
  return html`<div class="scroll"><table class="list"><thead><tr><th>Time</th><th>Who</th><th>Wanted</th><th>Why</th><th>From</th><th>Record</th></tr></thead>
<tbody>${attempts.map(row)}</tbody></table></div>`;
}

function row(attempt: ExplainedAttempt): Html {
  const { eventTime, eventName, caller, account, role, errorCode, sourceIPAddress, eventID, credential } =
    attempt;
  const { denial, message } = attempt;
  const wanted = nameRole(role);
  return html`<tr><td class="time">${day(eventTime)}</td>
<td class="wide">${caller}<div class="sub">${account ? `account ${account}` : ''}${credential ? html` <a href="${link('/session', { id: credential })}">with ${credential}</a>` : null}</div></td>
<td class="mid"><a href="${link('/sessions', { role })}">${wanted.name}</a><div class="sub">${wanted.what}</div></td>
<td class="bad" title="${message ?? ''}">${denial ? refusalText(denial, errorCode) : (errorCode ?? '')}</td><td class="keep">${sourceIPAddress ?? ''}</td>
<td class="wide"><a href="${link('/event', { id: eventID })}">${eventName}</a><div class="sub"><code>${eventID}</code></div></td></tr>`;
}
