import { auditedLogs } from '../../../queries/audited.ts';
import { endedNote } from '../../../queries/kept.ts';
import { auditedText, logsText } from '../../text/audited.ts';
import { upperFirst } from '../../text/format.ts';
import { type Html, html } from '../../text/html.ts';
import type { Shown } from '../shown.ts';

/** Over a list of what calls touched. */
export function lackNote(lack: string | null): Html | null {
  return lack === null ? null : html`<p class="note warn">${upperFirst(lack)}.</p>`;
}

/** In place of a list that has nothing: what was looked for, and in which logs. */
export async function nothingAudited(
  { store, audited }: Pick<Shown, 'store' | 'audited'>,
  sentence: string,
): Promise<Html> {
  const logs = await auditedLogs(store);
  const note = endedNote(store);
  return html`<p class="empty">${sentence}<br>Audited: ${auditedText(audited)}.<br>${upperFirst(logsText(logs))}. <a href="/">Executions</a> · <a href="/coverage">Coverage</a>${note ? html`<br>${upperFirst(note)}.` : null}</p>`;
}
