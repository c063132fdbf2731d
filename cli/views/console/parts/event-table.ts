import type { HistoryEvent } from '@aws-sdk/client-sfn';
import { failureOf } from '../../../queries/history.ts';
import { causeMessage } from '../../terminal/cause.ts';
import { type Html, html } from '../../text/html.ts';
import { link } from '../link.ts';

const perPage = 200;

/** The history as Step Functions tells it, a page of it from event number `from` on. */
export function eventTable(events: readonly HistoryEvent[], execution: string, from: number): Html {
  const first = Number.isInteger(from) && from > 0 ? Math.min(from, Math.max(0, events.length - 1)) : 0;
  const shown = events.slice(first, first + perPage);
  const began = events[0]?.timestamp?.getTime() ?? 0;
  const page = (at: number) => link('/execution', { name: execution, events: at || null });
  return html`<details${first > 0 ? html` open` : null} id="events"><summary>${events.length} events</summary><div class="scroll"><table class="list small">
<thead><tr><th class="n">Id</th><th>Type</th><th>State</th><th>Detail</th><th class="n">After</th><th>Time</th></tr></thead>
<tbody>${shown.map(event => {
    const { error, cause } = failureOf(event);
    const reason = [error, causeMessage(cause ?? null)].filter(part => part).join(': ');
    const at = event.timestamp;
    return html`<tr${reason ? html` class="bad"` : null}><td class="n">${event.id}</td><td>${event.type}</td>
<td>${event.stateEnteredEventDetails?.name ?? event.stateExitedEventDetails?.name ?? ''}</td><td>${reason}</td>
<td class="n">${at ? `${at.getTime() - began} ms` : ''}</td><td class="time">${at?.toISOString().slice(11, 23) ?? ''}</td></tr>`;
  })}</tbody></table></div>
<nav class="pager" aria-label="Events">${first > 0 ? html`<a href="${page(Math.max(0, first - perPage))}#events">Earlier</a>` : null}${
    first + perPage < events.length ? html`<a href="${page(first + perPage)}#events">Later</a>` : null
  }</nav></details>`;
}
