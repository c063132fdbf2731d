import { type Html, html } from '../../text/html.ts';
import { link } from '../link.ts';

export function quarantineLink(key: string): Html {
  return html`<a href="${link('/quarantine', { key })}">${key.slice(key.lastIndexOf('/') + 1)}</a>`;
}
