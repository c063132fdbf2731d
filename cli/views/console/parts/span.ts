import type { TimeSpan } from '../../../../core/records/times.ts';
import { timeIn } from '../../../queries/arguments.ts';
import { type Html, html } from '../../text/html.ts';
import { link } from '../link.ts';

/** What an address asks for: times as a person writes them, and the cursor to continue from. */
export type SpanQuery = Record<string, string>;

/** Throws InvalidArgumentError for what is not a time. */
export function spanOf({ since, until, from }: SpanQuery): TimeSpan {
  return {
    since: since ? timeIn(since) : undefined,
    until: from ?? (until ? timeIn(until) : undefined),
  };
}

export function spanForm(action: string, { since, until }: SpanQuery): Html {
  return html`<form class="filters" action="${action}"><label class="short">At or after<input name="since" value="${since ?? ''}" placeholder="2025-03-11"></label>
<label class="short">Before<input name="until" value="${until ?? ''}" placeholder="2025-03-12T09:00:00Z"></label><button>Show</button></form>`;
}

/** Lists begin with the newest: the way on is back in time. */
export function spanPager(action: string, { since, until, from }: SpanQuery, next: string | null): Html {
  return html`<nav class="pager" aria-label="Pages">${from ? html`<a href="${link(action, { since, until })}">Newest</a>` : null}${
    next ? html`<a rel="next" href="${link(action, { since, until, from: next })}">Older</a>` : null
  }</nav>`;
}
