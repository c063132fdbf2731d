import { CliError } from '../../../failure.ts';
import type { People } from '../../../people/people.ts';
import { endedNote } from '../../../queries/kept.ts';
import { lookUp } from '../../../queries/lookup.ts';
import type { ReportedEvidence } from '../../../queries/lookup-event.ts';
import type { Store } from '../../../queries/store.ts';
import { day, upperFirst } from '../../text/format.ts';
import { type Html, html, lines } from '../../text/html.ts';
import { prettyRecord } from '../../text/masked.ts';
import { link } from '../link.ts';
import { chainView } from '../parts/chain.ts';
import { eventDoing } from '../parts/doings.ts';
import { sessionLink } from '../parts/session-rows.ts';
import { answerBadge } from '../parts/status.ts';
import { verdictMark } from '../parts/verdict.ts';
import { framed } from './page.ts';

/** One event: the session it belongs to or began, and every copy of its record, whole. */
export async function eventPage(
  store: Store,
  { id = '' }: Record<string, string>,
  people: People,
): Promise<Html> {
  const found = await lookUp(id, store);
  if (found?.kind !== 'event')
    throw new CliError(
      [`no event has the ID ${id}`, endedNote(store)].filter(part => part !== null).join('; '),
    );
  const { call, issued, denied, evidence, eventName, eventTime, errorCode, doing, proofs } = found;
  const sessions = found.sessions.slice(0, 3);
  await people.meet(sessions);
  return framed({
    title: `${eventName} ${id}`,
    at: 'sessions',
    body: html`<p class="crumbs"><a href="/sessions">Answers</a>${call?.session ? sessionLink(call.session) : null}</p>
<div class="head"><h1>${eventName}</h1>${call ? answerBadge(call.status) : null}</div>
<dl class="facts"><div><dt>Event id</dt><dd><code>${id}</code></dd></div><div><dt>Time</dt><dd>${day(eventTime)}</dd></div>
${call?.session ? html`<div><dt>A call of the session</dt><dd>${sessionLink(call.session)}</dd></div>` : null}
${issued.map(each => html`<div><dt>Issued the credential of</dt><dd>${sessionLink(each)}</dd></div>`)}
${denied ? html`<div class="bad"><dt>A refused attempt to assume</dt><dd>${denied}</dd></div>` : null}</dl>
<section><h2>What it touched</h2>${eventDoing(doing, errorCode)}</section>
${call?.reason ? html`<p class="note warn">${call.reason}</p>` : null}${found.lack ? html`<p class="note warn">${upperFirst(found.lack)}.</p>` : null}
${sessions.map(answer => html`<section>${chainView(answer, proofs, people)}</section>`)}
${evidence.map(copy)}`,
  });
}

function copy(evidence: ReportedEvidence): Html {
  const { recipientAccountId, provenance, source, execution, digest, record, integrity, missing } = evidence;
  return html`<section><h2>Record of account ${recipientAccountId}, ${provenance === 'trail' ? "from our own trail's log file" : "from a partner's event"}</h2>
<dl class="facts"><div class="wide"><dt>Source</dt><dd><code>${source}</code></dd></div>
<div><dt>Read by</dt><dd><a href="${link('/execution', { name: execution })}">${execution}</a></dd></div>
<div><dt>Its log file</dt><dd>${verdictMark(integrity)} ${integrity.reason ?? ''}</dd></div>
<div class="wide"><dt>SHA-256 of the record</dt><dd><code>${digest}</code></dd></div></dl>
${missing ? html`<p class="bad">${missing.why}</p>` : html`<pre>${lines(prettyRecord(record))}</pre>`}</section>`;
}
