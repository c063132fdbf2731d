import type { Integrity } from '../../../../core/digests/file-integrity.ts';
import type { Absent } from '../../../queries/kept.ts';
import { type Html, html } from '../../text/html.ts';

/** What CloudTrail's digests say of a record's file, as a word; why, and which digest, on it. */
export function verdictMark(integrity: Integrity | Absent | undefined): Html | null {
  if (!integrity) return null;
  const { verdict, reason, digest } = integrity;
  const why = [reason, digest && `by ${digest}`].filter(part => part).join(', ');
  return html`<span class="verdict ${verdict.replaceAll(' ', '-')}" title="${why}">${verdict}</span>`;
}
