import { type Html, html } from '../../text/html.ts';

const tabs = [
  ['/calls', 'Calls'],
  ['/calls?error=any', 'Refused and failed'],
  ['/people', 'People'],
  ['/roles', 'Roles'],
  ['/addresses', 'Addresses'],
  ['/resources', 'Resources'],
] as const;

/** The ways to look at what was done. */
export function activityTabs(at: string): Html {
  return html`<nav class="tabs" aria-label="Activity">${tabs.map(
    ([href, label]) => html`<a href="${href}"${href === at ? html` aria-current="page"` : null}>${label}</a>`,
  )}</nav>`;
}
