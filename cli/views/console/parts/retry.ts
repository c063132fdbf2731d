import type { Deployment } from '../../../deployment/deployment.ts';
import { statesOf } from '../../../quarantine/marks.ts';
import { sendAgain } from '../../../quarantine/send-again.ts';
import { entriesIn } from '../../../queries/quarantine-entries.ts';
import { plural } from '../../text/format.ts';
import { type Html, html } from '../../text/html.ts';

/** Offers to send everything of a quarantined object through the front door again, as `roletrail quarantine retry` does. */
export async function retryForm(deployment: Deployment, key: string): Promise<Html> {
  const entries = await entriesIn(deployment, key);
  const states = await statesOf(deployment, entries);
  const retried = entries.filter(({ id }) => states.get(id) !== 'open').length;
  return html`<form class="filters" method="post" action="/quarantine/retry"><input type="hidden" name="key" value="${key}"><button>Try again</button>
<span class="sub">${retried > 0 ? `${plural(retried, 'entry', 'entries')} of ${entries.length} sent again before. ` : ''}It goes through the front door again; twice is harmless.</span></form>`;
}

/** Sends every entry of the object again. Returns how many could not be: nothing of them was kept. */
export async function retryObject(deployment: Deployment, key: string): Promise<number> {
  return (await sendAgain(await entriesIn(deployment, key), deployment)).length;
}
