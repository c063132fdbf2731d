import { lastPart } from '../../../../core/records/arn.ts';
import { type Html, html } from '../../text/html.ts';
import { link } from '../link.ts';

export function quarantineLink(key: string): Html {
  return html`<a href="${link('/quarantine', { key })}">${lastPart(key)}</a>`;
}
