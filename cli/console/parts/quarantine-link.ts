import { type Html, html, link } from '../html.ts';

export function quarantineLink(key: string): Html {
  return html`<a href="${link('/quarantine', { key })}">${key.slice(key.lastIndexOf('/') + 1)}</a>`;
}
