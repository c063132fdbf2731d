import type { Elsewhere } from '../../../queries/elsewhere.ts';
import { actionOf, touchedText } from '../../terminal/call-list.ts';
import { nameRole } from '../../terminal/party.ts';
import { accessText } from '../../terminal/summary-lists.ts';
import { day, plural } from '../../text/format.ts';
import { type Html, html } from '../../text/html.ts';
import { link } from '../link.ts';

const mostRoles = 5;

/** What else is called so: a resource, an address, an account, a record that is no call, a refused attempt. */
export function elsewhereView(subject: string, found: Elsewhere): Html {
  const { resources, moreResources, address, account, others, moreOthers, refused, moreRefused, from } =
    found;
  const roles = account?.roles.map(role => nameRole(role).name) ?? [];
  return html`${account ? html`<p>An account: ${plural(account.people, 'person or workload', 'people and workloads')} of it behind ${plural(account.behind, 'session')}; ${plural(account.under, 'session')} under ${plural(roles.length, 'role')} of it${roles.length > 0 ? `: ${roles.slice(0, mostRoles).join(', ')}` : ''}${roles.length > mostRoles ? ` and ${roles.length - mostRoles} more` : ''}.</p>` : null}
${address ? html`<p>An address: <a class="main" href="${link('/addresses', { name: subject })}">${plural(address.calls, 'call')} in ${plural(address.sessions, 'session')}</a>, from ${day(address.firstCall)} to ${day(address.lastCall)}.</p>` : null}
${resources.length > 0 ? html`<ul>${resources.map(each => html`<li><a class="main" href="${link('/resources', { name: each.id })}">${each.name}</a> <span class="sub">${each.type}</span> ${accessText(each.access)} in ${plural(each.sessions, 'session')}, last ${day(each.lastCall)}</li>`)}</ul>${more(moreResources)}` : null}
${others.length > 0 ? html`<h2>Records that are no calls under an audited role</h2><ul>${others.map(each => html`<li>${day(each.eventTime)} <a href="${link('/event', { id: each.eventID })}">${actionOf(each)}</a> ${touchedText(each.touched)} ${each.errorCode ?? ''}</li>`)}</ul>${more(moreOthers)}` : null}
${refused.length > 0 ? html`<h2>Refused attempts to assume a role</h2><ul>${refused.map(each => html`<li>${day(each.eventTime)} <a href="${link('/event', { id: each.eventID })}">${each.caller}</a> wanted ${nameRole(each.role).name}: ${each.errorCode ?? 'no error code'}</li>`)}</ul>${more(moreRefused)}` : null}
${from ? html`<p class="sub">Counted back to ${day(from)}: there is more.</p>` : null}`;
}

function more(count: number): Html | null {
  return count > 0 ? html`<p class="sub">and ${count.toLocaleString('en-US')} more</p>` : null;
}
