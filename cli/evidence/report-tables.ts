import { lastPart } from '../../core/records/arn.ts';
import { clientText } from '../../core/records/client.ts';
import type { RefusedCalls, SeenClient, Summary, TouchedResource } from '../../core/resources/summary.ts';
import {
  accesses,
  countsText,
  refusalText,
  serviceText,
  touchedText,
  typeText,
  wasTouched,
} from '../views/terminal/doings.ts';
import { day, plural } from '../views/text/format.ts';
import { type Html, html } from '../views/text/html.ts';
import type { SourceIntegrity } from './format.ts';
import type { ReportedCall } from './report-calls.ts';

/** What the calls did: resources, refused calls, clients. Whole: a page that is printed has nothing to unfold. */
export function summaryTables({ resources, refused, failed, clients }: Summary): Html {
  const touched = resources.filter(wasTouched);
  return html`<h2>What it touched</h2>${touched.length > 0 ? touchedTable(touched) : html`<p>No call that was done names a resource.</p>`}
<h2>What was refused</h2>${refused.length > 0 ? refusedTable(refused) : html`<p>No call was refused.</p>`}${failed > 0 ? html`<p>${plural(failed, 'call')} failed for a reason other than permission.</p>` : null}
<h2>Clients</h2><p class="sub">As the requests name them. A caller can write what it likes there: they prove nothing.</p>${clientTable(clients)}`;
}

function touchedTable(touched: readonly TouchedResource[]): Html {
  return html`<table><thead><tr><th>Resource</th><th>Kind</th><th>Account</th><th>Calls</th><th>First</th><th>Last</th></tr></thead><tbody>
${touched.map(each => html`<tr><td><b>${each.name}</b><br><code>${each.id}</code></td><td>${typeText(each.type)}</td><td class="keep">${each.account ?? ''}</td><td>${weight(each)}</td><td class="time">${day(each.first)}</td><td class="time">${day(each.last)}</td></tr>`)}</tbody></table>`;
}

function weight(resource: TouchedResource): Html {
  const { permission, write } = resource.counts;
  const kind = permission > 0 ? 'mark bad' : write > 0 ? 'mark warn' : '';
  return html`<span class="${kind}">${countsText(resource)}</span>`;
}

function refusedTable(refused: readonly RefusedCalls[]): Html {
  return html`<table><thead><tr><th>First</th><th>Last</th><th>Call</th><th class="n">Calls</th><th>On</th><th>Why</th></tr></thead><tbody>
${refused.map(each => html`<tr><td class="time">${day(each.first)}</td><td class="time">${day(each.last)}</td><td>${serviceText(each.eventSource)} <b>${each.eventName}</b></td><td class="n">${each.calls.toLocaleString('en-US')}</td><td>${each.resources.join(', ')}${each.moreResources > 0 ? ` and ${each.moreResources.toLocaleString('en-US')} more` : ''}</td><td>${refusalText(each.denial, each.errorCode)}</td></tr>`)}</tbody></table>`;
}

function clientTable(clients: readonly SeenClient[]): Html {
  return html`<table><thead><tr><th>Client</th><th>Addresses</th><th class="n">Calls</th><th>First used</th><th>Last used</th></tr></thead><tbody>
${clients.map(each => html`<tr><td>${each.client ? clientText(each.client) : 'no user agent'}</td><td>${each.addresses.join(', ') || 'no address'}</td><td class="n">${each.calls.toLocaleString('en-US')}</td><td class="time">${day(each.firstUsed)}</td><td class="time">${day(each.lastUsed)}</td></tr>`)}</tbody></table>`;
}

/** Every call of the session, each with what it touched and what came of it. */
export function callsTable(calls: readonly ReportedCall[]): Html {
  return html`<table><thead><tr><th>Time</th><th>Call</th><th>Touched</th><th>Result</th><th>From</th><th>Record and log file</th></tr></thead><tbody>
${calls.map(callRow)}</tbody></table>`;
}

function callRow(call: ReportedCall): Html {
  const { eventID, eventTime, eventSource, eventName, sourceIPAddress, source, others, doing } = call;
  const also = others.length > 0 ? html`, also ${others.join(', ')}` : null;
  return html`<tr${doing.outcome === 'done' ? null : html` class="bad"`}><td class="time">${day(eventTime)}</td><td>${serviceText(eventSource)} <b>${eventName}</b></td><td>${touchedText(doing)}</td><td>${result(call)}</td><td class="keep">${sourceIPAddress ?? ''}</td><td><code>${eventID}</code>${also}<br><code>${lastPart(source)}</code></td></tr>`;
}

function result({ doing, errorCode }: ReportedCall): Html {
  const { outcome, access, denial, message } = doing;
  if (outcome === 'refused')
    return html`<span class="mark bad">refused</span>: ${refusalText(denial, errorCode)}`;
  if (outcome === 'failed') return html`<span class="mark">failed</span>: ${errorCode ?? message ?? ''}`;
  const kind = access === 'permission' ? 'mark bad' : access === 'write' ? 'mark warn' : '';
  return html`<span class="${kind}">${accesses[access]}</span>`;
}

export function integrityTable(integrity: readonly SourceIntegrity[]): Html {
  const kinds: Record<string, string> = { verified: 'mark good', tampered: 'mark bad' };
  return html`<table><thead><tr><th>Verdict</th><th>Log file</th><th>Reason</th><th>Digest</th></tr></thead><tbody>
${integrity.map(each => html`<tr><td class="${kinds[each.verdict] ?? 'mark'}"><b>${each.verdict}</b></td><td><code>${each.source}</code></td><td>${each.reason ?? ''}</td><td><code>${each.digest ?? ''}</code></td></tr>`)}</tbody></table>`;
}
