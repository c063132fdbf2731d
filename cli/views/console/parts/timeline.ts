import type { SessionAnswer } from '../../../../core/linking/session-answer.ts';
import type { CallEntry } from '../../../../core/records/evidence.ts';
import { day } from '../../text/format.ts';
import { type Html, html } from '../../text/html.ts';
import { link } from '../link.ts';

const width = 1000;
const margin = 16;

/** Calls as ticks from the first to the last, over the time the credential was valid; each leads to its record. */
export function timeline(calls: readonly CallEntry[], { issuedAt, expiresAt }: SessionAnswer): Html | null {
  const times = calls.map(call => Date.parse(call.eventTime));
  if (times.length === 0) return null;
  const first = Math.min(...times, ...(issuedAt ? [Date.parse(issuedAt)] : []));
  const last = Math.max(...times, first + 1000);
  const at = (time: number) =>
    Math.round((margin + ((time - first) / (last - first)) * (width - 2 * margin)) * 10) / 10;
  const clip = (time: string) => at(Math.min(last, Math.max(first, Date.parse(time))));
  const valid =
    issuedAt && expiresAt
      ? html`<rect class="valid" x="${clip(issuedAt)}" y="14" width="${Math.max(0, clip(expiresAt) - clip(issuedAt))}" height="32"><title>valid ${day(issuedAt)} to ${day(expiresAt)}</title></rect>`
      : null;
  return html`<svg class="timeline" viewBox="0 0 ${width} 54" preserveAspectRatio="none" role="group" aria-label="Calls by time; the table below says the same">
${valid}<line class="axis" x1="${margin}" y1="46" x2="${width - margin}" y2="46"/>
${calls.map(({ eventID, eventTime, eventName, errorCode }) => {
  const x = at(Date.parse(eventTime));
  return html`<a href="${link('/event', { id: eventID })}" tabindex="-1"><title>${day(eventTime)} ${eventName}${errorCode ? ` (${errorCode})` : ''}</title><line class="tick${errorCode ? ' failed' : ''}" x1="${x}" y1="18" x2="${x}" y2="42"/></a>`;
})}</svg><p class="ends sub"><span>${day(new Date(first).toISOString())}</span><span>${day(new Date(last).toISOString())}</span></p>`;
}
