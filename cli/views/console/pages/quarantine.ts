import { inParallel } from '../../../../core/parallel.ts';
import { lastPart } from '../../../../core/records/arn.ts';
import { firstOf } from '../../../queries/page.ts';
import { type Entry, entriesIn } from '../../../queries/quarantine-entries.ts';
import type { Store } from '../../../queries/store.ts';
import { day, plural } from '../../text/format.ts';
import { type Html, html, lines } from '../../text/html.ts';
import { shownJson } from '../../text/masked.ts';
import { link } from '../link.ts';
import { retryForm } from '../parts/retry.ts';
import { framed } from './page.ts';

const perPage = 50;
const mostRefusals = 200;
const mostReasons = 4;
const readsAtOnce = 16;

/** What was set aside, or one object of it with the reason of each refusal. */
export async function quarantinePage(
  store: Store,
  { key, from, unsent }: Record<string, string>,
): Promise<Html> {
  return key ? onePage(store, key, unsent) : listPage(store, from);
}

/** The address of the page on an object that was sent again. `unsent`: entries whose content was not kept. */
export function sentAgainAddress(key: string, unsent: number): string {
  return link('/quarantine', { key, ...(unsent > 0 ? { unsent } : {}) });
}

async function listPage(store: Store, from: string | undefined): Promise<Html> {
  const { items, next } = await firstOf(store.quarantine.list({ from, perPage }));
  const rows = await inParallel(items, readsAtOnce, async ({ key, at }) => {
    const entries = await entriesIn(store, key);
    return { key, at, count: entries.length, reasons: reasonsOf(entries) };
  });
  return framed({
    title: 'Quarantine',
    at: 'quarantine',
    body: html`<div class="head"><h1>Quarantine</h1></div><p class="sub">Sources, records and messages that could not be read, each with its reason; oldest day first.</p>
${
  items.length === 0
    ? html`<p class="empty">The quarantine is empty.</p>`
    : html`<div class="scroll"><table class="list"><thead><tr><th>Quarantined by</th><th>Why</th><th>When</th><th class="n">Holds</th></tr></thead>
<tbody>${rows.map(({ key, at, count, reasons }) => html`<tr><td><a class="main" href="${link('/quarantine', { key })}">${lastPart(key)}</a></td><td>${reasons}</td><td class="time">${day(at)}</td><td class="n">${count}</td></tr>`)}</tbody></table></div>`
}
<nav class="pager" aria-label="Pages">${next ? html`<a rel="next" href="${link('/quarantine', { from: next })}">More</a>` : null}</nav>`,
  });
}

/** The names of the errors, each once, in their order. */
function reasonsOf(entries: readonly Entry[]): string {
  const names = [...new Set(entries.map(({ error }) => error))];
  const more = names.length - mostReasons;
  return more > 0 ? `${names.slice(0, mostReasons).join(', ')} and ${more} more` : names.join(', ');
}

async function onePage(store: Store, key: string, unsent?: string): Promise<Html> {
  const { header, refusals } = await store.quarantine.read(key);
  const { execution, at, count, failure, input } = header;
  return framed({
    title: `Quarantine ${execution}`,
    at: 'quarantine',
    body: html`<p class="crumbs"><a href="/quarantine">Quarantine</a></p><div class="head"><h1>${execution}</h1></div>
<dl class="facts"><div><dt>When</dt><dd>${day(at)}</dd></div><div><dt>Holds</dt><dd>${count}</dd></div>
${execution.startsWith('intake-') ? null : html`<div><dt>Execution</dt><dd><a href="${link('/execution', { name: execution })}">${execution}</a></dd></div>`}
<div class="wide"><dt>Key</dt><dd><code>${key}</code></dd></div></dl>
${failure ? html`<p class="note bad"><strong>${failure.error}</strong> ${failure.message}</p>` : null}
${unsent && /^\d{1,6}$/.test(unsent) ? html`<p class="note warn">${plural(Number(unsent), 'entry', 'entries')} could not be sent again: its content was not kept.</p>` : null}
${await retryForm(store, key)}
${
  refusals.length > 0
    ? html`<div class="scroll"><table class="list small"><thead><tr><th>Step</th><th>Error</th><th>Reason</th><th>Source</th></tr></thead>
<tbody>${refusals.slice(0, mostRefusals).map(({ step, error, message, source, record }) => html`<tr><td>${step}</td><td><b>${error}</b></td><td>${message}</td><td><code>${source}</code>${record === undefined ? null : html` record ${record}`}</td></tr>`)}</tbody></table></div>`
    : null
}
${refusals.length > mostRefusals ? html`<p class="sub">and ${refusals.length - mostRefusals} more, in the object itself</p>` : null}
${input ? html`<section><h2>The batch</h2><pre>${lines(shownJson(input, 2))}</pre></section>` : null}`,
  });
}
