import { type Html, html } from '../../text/html.ts';
import { link } from '../link.ts';

/** Seconds between two looks while something runs. */
export const liveSeconds = 2;

/** Says that the page is loaded again by itself, and stops that; or begins it. */
export function liveSwitch(on: boolean, path: string, query: Record<string, string | undefined>): Html {
  return on
    ? html`<span class="live"><span class="pulse" aria-hidden="true"></span>live <a href="${link(path, { ...query, live: 'off' })}">pause</a></span>`
    : html`<span class="live"><a href="${link(path, { ...query, live: 'on' })}">follow live</a></span>`;
}
