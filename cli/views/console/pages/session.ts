import type { Alert } from '../../../../core/linking/alert.ts';
import { covers } from '../../../../core/linking/call-answer.ts';
import type { SessionAnswer, Status } from '../../../../core/linking/session-answer.ts';
import { clientText } from '../../../../core/records/client.ts';
import { type CallEntry, timeSortKey } from '../../../../core/records/evidence.ts';
import { CliError } from '../../../failure.ts';
import type { People } from '../../../people/people.ts';
import { type CallWithDoing, withDoings } from '../../../queries/doings.ts';
import { noSession } from '../../../queries/kept.ts';
import { type Answered, lookUp } from '../../../queries/lookup.ts';
import type { Store } from '../../../queries/store.ts';
import { ciRunText } from '../../terminal/ci-run.ts';
import { serviceText, touchedText } from '../../terminal/doings.ts';
import { kinds } from '../../terminal/kinds.ts';
import { approverText, nameParty } from '../../terminal/party.ts';
import { claimTexts, isLack, reasonTitle, warnings } from '../../terminal/words.ts';
import { day, upperFirst } from '../../text/format.ts';
import { type Html, html } from '../../text/html.ts';
import { link } from '../link.ts';
import { chainView, confidence } from '../parts/chain.ts';
import { doingsView, resultCell } from '../parts/doings.ts';
import { sessionRows } from '../parts/session-rows.ts';
import { answerBadge } from '../parts/status.ts';
import { timeline } from '../parts/timeline.ts';
import { framed } from './page.ts';

const perPage = 100;

/** One session: who is behind it, how that is known, and its calls, a page of them from the time sort key `from` on. */
export async function sessionPage(
  store: Store,
  { id = '', from }: Record<string, string>,
  people: People,
): Promise<Html> {
  const found = await lookUp(id, store);
  if (found?.kind !== 'credential') throw new CliError(noSession(id, store));
  await people.meet(found.sessions);
  const [answer, another] = found.sessions;
  if (!answer || another) return severalPage(found, people);
  const calls = await callsOf(store, answer, from);
  const alert = await store.alerts.of(answer);
  const shown = calls.slice(0, perPage);
  const who = answer.origin ? nameParty(answer.origin, people).name : 'Nobody known';
  const next = calls[perPage];
  return framed({
    title: `${who}: ${answer.sessionName ?? answer.session}`,
    at: 'sessions',
    body: html`<p class="crumbs"><a href="/sessions">Answers</a></p>
<div class="head"><h1>${who}</h1>${answerBadge(answer.status)}<span class="end"><a class="button" href="${link('/evidence', { id: answer.session })}" download>Evidence bundle</a><a class="button" href="${link('/evidence', { id: answer.session, logs: 'with' })}" title="The log files hold what others did, too" download>with log files</a></span></div>
${notes(answer)}${alertNote(alert)}
<section>${chainView(answer, found.proofs, people)}</section>
<section><h2>How sure this is</h2>${confidence(answer) ?? html`<p class="sub">${unproven[answer.status] ?? 'Nothing joins this session to an issuance.'}</p>`}</section>
${facts(answer, people)}
${doingsView(found.doings)}
<section><h2>Calls</h2>${lackNote(found)}${timeline(shown, answer)}${callTable(await withDoings(shown, answer.arn, store))}
<nav class="pager" aria-label="Calls">${from ? html`<a href="${link('/session', { id })}">First</a>` : null}${
      next ? html`<a rel="next" href="${link('/session', { id, from: timeSortKey(next) })}">Later</a>` : null
    }</nav></section>`,
  });
}

function lackNote({ lack }: Answered): Html | null {
  return lack === null ? null : html`<p class="note warn">${upperFirst(lack)}.</p>`;
}

function severalPage(found: Answered, people: People): Html {
  return framed({
    title: found.subject,
    at: 'sessions',
    body: html`<h1>${found.subject}</h1>${lackNote(found)}${found.sessions.length > 0 ? html`<p class="sub">Sessions under this key:</p>${sessionRows(found.sessions, people)}` : null}`,
  });
}

/** A page of calls and one more, which tells whether there is a next page. A key may have other sessions' calls too. */
async function callsOf({ evidence }: Store, answer: SessionAnswer, from?: string): Promise<CallEntry[]> {
  const calls: CallEntry[] = [];
  const page = { perRequest: perPage + 1, ...(from ? { from } : {}) };
  for await (const call of evidence.calls(answer.credential, page)) {
    if (covers(answer, call.use)) calls.push(call);
    if (calls.length > perPage) break;
  }
  return calls;
}

/** How sure an answer is that no issuance proves. */
const unproven: Partial<Record<Status, string>> = {
  delivered:
    'No issuance joins this session to anybody, and none is needed: the record of each call names who made it.',
  unknown: 'These logs do not cover the time and account of its issuance.',
  claimed: 'Only a partner reports its issuance; these logs do not cover the time and account of it.',
};

function notes(answer: SessionAnswer): Html | null {
  const { status, reason, flags, issuerEventIDs } = answer;
  const claims = claimTexts(answer);
  if (!reason && flags.length === 0 && claims.length === 0) return null;
  return html`<ul class="notes">${reason ? html`<li class="note${isLack(answer) ? ' warn' : ''}">${upperFirst(reasonTitle(answer))}: ${reason}</li>` : null}
${flags.map(flag => html`<li class="note bad">Look at this: ${warnings[flag]}.</li>`)}
${claims.map(claim => html`<li class="note">${upperFirst(claim)}.</li>`)}
${status !== 'linked' && issuerEventIDs.length > 0 ? html`<li class="note">Candidates: ${issuerEventIDs.map(id => html`<a href="${link('/event', { id })}"><code>${id}</code></a> `)}</li>` : null}</ul>`;
}

/** The alert on the session. */
function alertNote(alert: Alert | null): Html | null {
  if (!alert?.alertedAt) return null;
  const withdrawn = alert.explainedAt
    ? `, and withdrawn ${day(alert.explainedAt)}: its issuance arrived late`
    : '';
  return html`<p class="note${alert.explainedAt ? '' : ' bad'}">Alerted ${day(alert.alertedAt)}${withdrawn}. <a href="/alerts">Alerts</a></p>`;
}

function facts(answer: SessionAnswer, people: People): Html {
  const {
    session,
    kind,
    ci,
    approver,
    arn,
    principalId,
    sourceIdentity,
    signInSessions,
    issuedAt,
    expiresAt,
  } = answer;
  const rows: [string, string | null][] = [
    ['Kind', kind && kinds[kind]],
    ['Run', ci ? ciRunText(ci) : null],
    ['Access approved', approver ? approverText(approver, people) : null],
    ['Session', session],
    ['Principal', arn],
    ['Principal id', principalId],
    ['Source identity', sourceIdentity],
    ['Sign-in', signInSessions?.join(', ') ?? null],
    ['Valid', issuedAt && `${day(issuedAt)} to ${day(expiresAt)}`],
  ];
  return html`<dl class="facts">${rows.map(([name, value]) => (value ? html`<div><dt>${name}</dt><dd>${value}</dd></div>` : null))}</dl>`;
}

function callTable(calls: readonly CallWithDoing[]): Html {
  if (calls.length === 0) return html`<p class="empty">No calls.</p>`;
  return html`<div class="scroll"><table class="list small"><thead><tr><th>Time</th><th>Call</th><th>Touched</th><th>Result</th><th>Region</th><th>From</th><th>With</th><th>Record</th></tr></thead>
<tbody>${calls.map(callRow)}</tbody></table></div>`;
}

function callRow(call: CallWithDoing): Html {
  const { eventTime, eventSource, eventName, errorCode, awsRegion, sourceIPAddress, eventID, others } = call;
  const { doing } = call;
  const client = doing.client ? clientText(doing.client) : '';
  return html`<tr${doing.outcome === 'done' ? null : html` class="bad"`}>
<td class="time">${day(eventTime)}</td><td class="mid">${serviceText(eventSource)} <b>${eventName}</b></td><td class="mid" title="${doing.resources.map(({ id }) => id).join('\n')}">${touchedText(doing)}</td><td>${resultCell(doing, errorCode)}</td>
<td class="keep">${awsRegion ?? ''}</td><td class="keep">${sourceIPAddress ?? ''}</td><td class="mid">${client}</td><td class="mid"><a href="${link('/event', { id: eventID })}"><code>${eventID}</code></a>${others.map(other => html` <a href="${link('/event', { id: other.eventID })}" title="another record of this call"><code>${other.eventID}</code></a>`)}</td></tr>`;
}
