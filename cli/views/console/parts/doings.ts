import { clientText } from '../../../../core/records/client.ts';
import type { Doing } from '../../../../core/resources/doing.ts';
import type { RefusedCalls, SeenClient, TouchedResource } from '../../../../core/resources/summary.ts';
import type { Doings } from '../../../queries/doings.ts';
import {
  accesses,
  countsText,
  refusalText,
  serviceText,
  typeText,
  wasTouched,
} from '../../terminal/doings.ts';
import { day, plural } from '../../text/format.ts';
import { type Html, html } from '../../text/html.ts';
import { link } from '../link.ts';
import { badge } from './status.ts';

/** Rows that a table shows before the rest is folded. */
const mostOpen = 15;

/** What the session did: resources, refused calls, clients; changes first. */
export function doingsView(doings: Doings): Html {
  const { resources, refused, failed, clients, calls, all, missing } = doings;
  const touched = resources.filter(wasTouched);
  const of = all ? null : html`<p class="sub">Of the newest ${calls.toLocaleString('en-US')} calls.</p>`;
  const lack =
    missing && html`<p class="note warn">What some of its calls touched is not known: ${missing}.</p>`;
  return html`<section><h2>What it touched</h2>${of}${lack}${touchedTable(touched)}</section>
${
  refused.length > 0 || failed > 0
    ? html`<section><h2>Refused</h2>${failed > 0 ? html`<p class="sub">${plural(failed, 'other call')} failed: the call is at fault, not its permission.</p>` : null}${refusedTable(refused)}</section>`
    : null
}
${clientsView(clients)}`;
}

function touchedTable(touched: readonly TouchedResource[]): Html {
  if (touched.length === 0) return html`<p class="empty">No call that was done names a resource.</p>`;
  return folded(
    touched,
    'resource',
    html`<tr><th>Resource</th><th>Kind</th><th>Account</th><th>Calls</th><th>First</th><th>Last</th></tr>`,
    each =>
      html`<tr><td class="mid" title="${each.id}"><b>${each.name}</b></td><td class="keep">${typeText(each.type)}</td><td class="keep">${each.account ?? ''}</td><td>${weightBadge(each)} ${countsText(each)}</td><td class="time">${day(each.first)}</td><td class="time">${day(each.last)}</td></tr>`,
  );
}

function weightBadge({ counts }: TouchedResource): Html | null {
  if (counts.permission > 0) return badge('bad', 'permissions');
  return counts.write > 0 ? badge('warn', 'written') : null;
}

function refusedTable(refused: readonly RefusedCalls[]): Html | null {
  if (refused.length === 0) return null;
  return folded(
    refused,
    'kind of call',
    html`<tr><th>First</th><th>Call</th><th class="n">Calls</th><th>On</th><th>Why</th><th>Records</th></tr>`,
    each =>
      html`<tr><td class="time">${day(each.first)}</td><td class="mid">${serviceText(each.eventSource)} <b>${each.eventName}</b></td><td class="n">${each.calls.toLocaleString('en-US')}</td><td class="mid">${onText(each)}</td><td>${refusalText(each.denial, each.errorCode)}</td><td class="mid">${each.eventIDs.map(id => html`<a href="${link('/event', { id })}"><code>${id.slice(0, 8)}</code></a> `)}${each.calls > each.eventIDs.length ? `and ${(each.calls - each.eventIDs.length).toLocaleString('en-US')} more` : null}</td></tr>`,
  );
}

function onText({ resources, moreResources }: RefusedCalls): string {
  const names = resources.join(', ');
  return moreResources > 0 ? `${names} and ${moreResources.toLocaleString('en-US')} more` : names;
}

function clientsView(clients: readonly SeenClient[]): Html | null {
  if (clients.length === 0) return null;
  const addresses = new Set(clients.flatMap(each => each.addresses));
  const changed = clients.length > 1 || addresses.size > 1;
  return html`<section><h2>Clients</h2>${changed ? html`<p class="note warn">The address or the client changed within the session.</p>` : null}
<p class="sub">As the requests name them: a caller can write what it likes there.</p>
${folded(
  clients,
  'client',
  html`<tr><th>Client</th><th>Addresses</th><th class="n">Calls</th><th>First used</th><th>Last used</th></tr>`,
  each =>
    html`<tr><td>${each.client ? clientText(each.client) : 'no user agent'}</td><td class="mid">${addressesText(each.addresses)}</td><td class="n">${each.calls.toLocaleString('en-US')}</td><td class="time">${day(each.firstUsed)}</td><td class="time">${day(each.lastUsed)}</td></tr>`,
)}</section>`;
}

function addressesText(addresses: readonly string[]): string {
  const more = addresses.length - 5;
  const shown = addresses.slice(0, 5).join(', ');
  return more > 0 ? `${shown} and ${more.toLocaleString('en-US')} more` : shown || 'no address';
}

/** The first rows, and the rest behind one click: nothing is cut. */
function folded<T>(items: readonly T[], what: string, head: Html, row: (item: T) => Html): Html {
  const table = (some: readonly T[]) =>
    html`<div class="scroll"><table class="list small"><thead>${head}</thead><tbody>${some.map(row)}</tbody></table></div>`;
  const rest = items.slice(mostOpen);
  return html`${table(items.slice(0, mostOpen))}${rest.length > 0 ? html`<details><summary>${plural(rest.length, `more ${what}`)}</summary>${table(rest)}</details>` : null}`;
}

/** What came of one call, as a cell: what it changed, or why not. */
export function resultCell(doing: Doing, errorCode: string | null): Html {
  const { outcome, access, denial } = doing;
  if (outcome === 'refused') return html`${badge('bad', 'refused')} ${refusalText(denial, errorCode)}`;
  if (outcome === 'failed') return html`${badge('dull', 'failed')} ${errorCode ?? doing.message ?? ''}`;
  if (access === 'read' || access === 'unknown') return html`${access === 'read' ? 'read' : ''}`;
  return badge(access === 'permission' ? 'bad' : 'warn', accesses[access]);
}

/** What one event did, for its page. */
export function eventDoing(doing: Doing, errorCode: string | null): Html {
  const { resources, more, message, client, outcome } = doing;
  return html`<dl class="facts"><div><dt>Result</dt><dd>${resultCell(doing, errorCode)}</dd></div>
${resources.map(each => html`<div class="wide"><dt>${typeText(each.type)}</dt><dd><b>${each.name}</b> <code>${each.id}</code></dd></div>`)}
${more > 0 ? html`<div><dt></dt><dd>and ${plural(more, 'more resource')}</dd></div>` : null}
${message && outcome !== 'done' ? html`<div class="wide"><dt>Message</dt><dd>${message}</dd></div>` : null}
${client ? html`<div><dt>Client</dt><dd>${clientText(client)}</dd></div>` : null}</dl>`;
}
