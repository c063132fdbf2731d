import type { People } from '../../../people/people.ts';
import type { AnsweredCall } from '../../../queries/answered-calls.ts';
import { actionOf, whoOf } from '../../terminal/call-list.ts';
import { nameRole } from '../../terminal/party.ts';
import { day } from '../../text/format.ts';
import { type Html, html } from '../../text/html.ts';
import { link } from '../link.ts';
import { answerBadge } from './status.ts';

/** What a call touched is shown up to so many; the record has all. */
const mostShown = 3;

/** Calls over sessions as a table. */
export function callRows(calls: readonly AnsweredCall[], people: People): Html {
  return html`<div class="scroll"><table class="list"><thead><tr><th>Time</th><th>Who</th><th>Did</th><th>Touched</th><th>Error</th><th>From</th><th>Status</th></tr></thead>
<tbody>${calls.map(each => row(each, people))}</tbody></table></div>`;
}

function row(each: AnsweredCall, people: People): Html {
  const { call, answered, session } = each;
  const { access, resources, more } = call.touched;
  const rest = resources.length - mostShown + more;
  return html`<tr><td class="time"><a href="${link('/event', { id: call.eventID })}">${day(call.eventTime)}</a></td>
<td class="mid">${session ? html`<a class="main" href="${link('/session', { id: session.session })}">${whoOf(each, people)}</a>` : whoOf(each, people)}<div class="sub">${nameRole(session?.roleArn ?? null).name}</div></td>
<td class="mid">${actionOf(call)}<div class="sub">${access === 'unknown' ? '' : access} ${call.awsRegion ?? ''}</div></td>
<td class="wide">${resources.slice(0, mostShown).map(({ id, name, type }) => html`<div><a href="${link('/resources', { name: id })}" title="${id}">${name}</a> <span class="sub">${type}</span></div>`)}${rest > 0 ? html`<div class="sub">and ${rest} more</div>` : null}</td>
<td class="bad keep">${call.errorCode ?? ''}</td>
<td class="keep">${call.sourceIPAddress ? html`<a href="${link('/addresses', { name: call.sourceIPAddress })}">${call.sourceIPAddress}</a>` : ''}</td>
<td>${answerBadge(answered.status)}</td></tr>`;
}
