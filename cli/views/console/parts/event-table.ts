import type { ExecutionEvent } from '../../../queries/execution-store.ts';
import { causeMessage } from '../../terminal/cause.ts';
import { type Html, html } from '../../text/html.ts';
import { link } from '../link.ts';

const perPage = 200;

/** The history as Step Functions tells it, a page of it from event number `from` on. */
export function eventTable(events: readonly ExecutionEvent[], execution: string, from: number): Html {
  const first = Number.isInteger(from) && from > 0 ? Math.min(from, Math.max(0, events.length - 1)) : 0;
  const shown = events.slice(first, first + perPage);
  const began = Date.parse(events[0]?.at ?? '') || 0;
  const page = (at: number) => link('/execution', { name: execution, events: at || null });
  return html`<details${first > 0 ? html` open` : null} id="events"><summary>${events.length} events</summary><div class="scroll"><table class="list small">
<thead><tr><th class="n">Id</th><th>Type</th><th>State</th><th>Detail</th><th class="n">After</th><th>Time</th></tr></thead>
<tbody>${shown.map(({ id, type, at, state, error, cause }) => {
    const reason = [error, causeMessage(cause)].filter(part => part).join(': ');
    return html`<tr${reason ? html` class="bad"` : null}><td class="n">${id}</td><td>${type}</td>
<td>${state ?? ''}</td><td>${reason}</td>
<td class="n">${at ? `${Date.parse(at) - began} ms` : ''}</td><td class="time">${at?.slice(11, 23) ?? ''}</td></tr>`;
  })}</tbody></table></div>
<nav class="pager" aria-label="Events">${first > 0 ? html`<a href="${page(Math.max(0, first - perPage))}#events">Earlier</a>` : null}${
    first + perPage < events.length ? html`<a href="${page(first + perPage)}#events">Later</a>` : null
  }</nav></details>`;
}
