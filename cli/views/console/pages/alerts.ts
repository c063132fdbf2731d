import { type ShownAlert, standingOf } from '../../../queries/standing.ts';
import { nameActing } from '../../terminal/party.ts';
import { day } from '../../text/format.ts';
import { type Html, html } from '../../text/html.ts';
import { link } from '../link.ts';
import { sessionLink } from '../parts/session-rows.ts';
import { type SpanQuery, spanForm, spanOf, spanPager } from '../parts/span.ts';
import { answerBadge } from '../parts/status.ts';
import type { Shown } from '../shown.ts';
import { framed } from './page.ts';

const perPage = 50;

/** The open alerts: credentials in use that nothing explains, the newest session first. */
export async function alertsPage(
  { store, traced }: Pick<Shown, 'store' | 'traced'>,
  query: SpanQuery,
): Promise<Html> {
  const { alerts, next } = await standingOf(store, spanOf(query), perPage);
  return framed({
    title: 'Alerts',
    at: 'alerts',
    body: html`<div class="head"><h1>Alerts</h1></div>
<p class="sub">Credentials in use that no known issuance explains. The alarm topic gets each alert once; an alert is withdrawn and leaves this list when an issuance explains the session. Log files that do not match CloudTrail's digests are listed by day under <a href="/coverage">Coverage</a>.</p>
${traced ? ofATrace : html`${spanForm('/alerts', query)}${alerts.length === 0 ? nothing(query) : table(alerts)}${spanPager('/alerts', query, next)}`}`,
  });
}

const ofATrace = html`<p class="empty">A trace raises no alerts. Sessions that these logs do not explain are under <a href="${link('/sessions', { show: 'open' })}">Not explained</a>.</p>`;

function nothing({ since, until, from }: SpanQuery): Html {
  return since || until || from
    ? html`<p class="empty">No open alert on a session that began in that time. <a href="/alerts">All alerts</a></p>`
    : html`<p class="empty">No open alerts. Sessions that these logs do not explain, alerted or not, are under <a href="${link('/sessions', { show: 'open' })}">Not explained</a>.</p>`;
}

function table(alerts: readonly ShownAlert[]): Html {
  return html`<div class="scroll"><table class="list"><thead><tr><th>Session</th><th>Role</th><th>Began</th><th>First call</th><th>Alerted</th><th>Now</th></tr></thead>
<tbody>${alerts.map(row)}</tbody></table></div>`;
}

function row({ alert, answer, firstCall }: ShownAlert): Html {
  const { session, accessKeyId, sessionName, roleArn, arn, began, status, reason } = answer;
  const role = nameActing(roleArn, arn);
  return html`<tr><td class="wide">${sessionLink(session, accessKeyId ?? session)}<div class="sub">${sessionName ?? ''}</div></td>
<td class="mid">${role.name}<div class="sub">${role.what}</div></td><td class="time">${day(began)}</td>
<td class="mid">${
    firstCall
      ? html`<a href="${link('/event', { id: firstCall.eventID })}">${firstCall.eventSource.replace(/\.amazonaws\.com(?:\.cn)?$/, '')} ${firstCall.eventName}</a><div class="sub">from ${firstCall.sourceIPAddress ?? 'no address'}</div>`
      : 'none in these logs'
  }</td>
<td class="time">${day(alert.alertedAt)}</td><td class="mid">${answerBadge(status)}<div class="sub">${reason ?? ''}</div></td></tr>`;
}
