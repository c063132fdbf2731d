import { entriesIn } from '../../../queries/quarantine-entries.ts';
import { statesOf } from '../../../queries/quarantine-states.ts';
import type { Store } from '../../../queries/store.ts';
import { plural } from '../../text/format.ts';
import { type Html, html } from '../../text/html.ts';

/** Offers to send everything of a quarantined object through the front door again, as `roletrail quarantine retry` does. */
export async function retryForm(store: Store, key: string): Promise<Html> {
  const entries = await entriesIn(store, key);
  const states = await statesOf(store, entries);
  const retried = entries.filter(({ id }) => states.get(id) !== 'open').length;
  return html`<form class="filters" method="post" action="/quarantine/retry"><input type="hidden" name="key" value="${key}"><button>Try again</button>
<span class="sub">${retried > 0 ? `${plural(retried, 'entry', 'entries')} of ${entries.length} sent again before. ` : ''}It goes through the front door again; sending it twice does no harm.</span></form>`;
}
