import type { SessionAnswer } from '../../../../core/linking/session-answer.ts';
import type { People } from '../../../people/people.ts';
import { kindBeside } from '../../terminal/kinds.ts';
import { lineage } from '../../terminal/lineage.ts';
import { nameParty, stepsTo } from '../../terminal/party.ts';
import { warnings } from '../../terminal/words.ts';
import { day } from '../../text/format.ts';
import { type Html, html } from '../../text/html.ts';
import { link } from '../link.ts';
import { answerBadge, badge } from './status.ts';

export function sessionLink(session: string, text = session): Html {
  return html`<a class="main" href="${link('/session', { id: session })}">${text}</a>`;
}

/** Sessions as a table: who, through which roles, since when, and what to look at. */
export function sessionRows(answers: readonly SessionAnswer[], people: People): Html {
  if (answers.length === 0) return html`<p class="empty">No sessions.</p>`;
  return html`<div class="scroll"><table class="list">
<thead><tr><th>Status</th><th>Who</th><th>Through</th><th>Session</th><th>Began</th><th>To know</th></tr></thead>
<tbody>${answers.map(answer => row(answer, people))}</tbody></table></div>`;
}

function row(answer: SessionAnswer, people: People): Html {
  const { origin, status, session, sessionName, began, reason, flags } = answer;
  const who = origin ? nameParty(origin, people) : { name: 'nobody known', what: '' };
  const kind = kindBeside(answer.kind, who.what);
  const steps = stepsTo(answer);
  const came = lineage(answer, people);
  return html`<tr><td>${answerBadge(status)}</td><td class="wide"><b>${who.name}</b>${kind ? html` · ${kind}` : null}<div class="sub">${who.what}</div>${came ? html`<div class="sub">${came}</div>` : null}</td>
<td class="mid">${steps.map(step => step.name).join(' → ')}<div class="sub">${steps.at(-1)?.what}</div></td>
<td class="wide">${sessionLink(session, sessionName ?? session)}<div class="sub"><code>${session}</code></div></td>
<td class="time">${day(began)}</td>
<td class="mid">${flags.map(flag => html`<div title="${warnings[flag]}">${badge('bad', flag)}</div>`)}${reason ? html`<div class="sub">${reason}</div>` : null}</td></tr>`;
}
