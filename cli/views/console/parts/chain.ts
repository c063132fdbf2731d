import type { Hop } from '../../../../core/linking/chain.ts';
import type { SessionAnswer } from '../../../../core/linking/session-answer.ts';
import type { Proofs } from '../../../integrity/proofs.ts';
import type { People } from '../../../people/people.ts';
import { rules } from '../../terminal/answer.ts';
import { kindBeside } from '../../terminal/kinds.ts';
import { nameParty, type Step, stepsTo } from '../../terminal/party.ts';
import { joins } from '../../terminal/story.ts';
import { termTexts } from '../../terminal/terms.ts';
import { day } from '../../text/format.ts';
import { type Html, html } from '../../text/html.ts';
import { link } from '../link.ts';
import { verdictMark } from './verdict.ts';

/** The chain drawn: who, then for each hop an arrow (call, time, rule, proof) and the role it led to. */
export function chainView(answer: SessionAnswer, proofs: Proofs, people: People): Html {
  const all = stepsTo(answer);
  const steps = all.map((step, index) => {
    const last = index === all.length - 1;
    const way = step.hop ? arrow(step.hop, proofs) : noArrow(answer);
    return html`${way}${acting(step, last ? answer : null)}`;
  });
  return html`<ol class="chain" aria-label="Who is behind this session">${origin(answer, people)}${steps}</ol>`;
}

function origin({ origin, status, kind: what }: SessionAnswer, people: People): Html {
  if (!origin) {
    return html`<li class="party unknown"><b>nobody known</b><span class="sub">${status}</span></li>`;
  }
  const named = nameParty(origin, people);
  const kind = kindBeside(what, named.what);
  const id = origin.arn ?? origin.invokedBy ?? origin.onBehalfOf ?? origin.principalId;
  return html`<li class="party origin"><b>${id ? html`<a href="${link('/sessions', { origin: id })}">${named.name}</a>` : named.name}</b>${kind ? html`<span>${kind}</span>` : null}<span class="sub">${named.what}</span></li>`;
}

function arrow(
  { eventName, eventTime, eventIDs, joinedBy, grants = [], issuance, externalId }: Hop,
  proofs: Proofs,
): Html {
  return html`<li class="arrow ${joinedBy}"><b>${eventName}</b><span>${day(eventTime)}</span><span class="shaft" aria-hidden="true"></span>
<span title="${rules[joinedBy]}">${joins[joinedBy]}</span>
${externalId ? html`<span>with the external id ${externalId}</span>` : null}
${termTexts(eventIDs.flatMap(id => (Object.hasOwn(proofs, id) ? (proofs[id]?.terms ?? []) : []))[0]).map(text => html`<span>with ${text}</span>`)}
${issuance === 'ambiguous' ? html`<span>one of these issuances, all of one origin</span>` : null}
${proofLinks(eventIDs, proofs)}${grants.length > 0 ? html`<span>a sign-in, a token, or a request for credentials</span>${proofLinks(grants, proofs)}` : null}</li>`;
}

function proofLinks(eventIDs: readonly string[], proofs: Proofs): Html {
  return html`<span class="proof">${eventIDs.map(id => html`<span class="one"><a href="${link('/event', { id })}" title="${id}">${id.slice(0, 8)}</a>${Object.hasOwn(proofs, id) ? verdictMark(proofs[id]) : null}</span>`)}</span>`;
}

/** The reason stands above: here is only how it differs from a step that is proven. */
function noArrow(answer: SessionAnswer): Html {
  const known = answer.status === 'delivered';
  return html`<li class="arrow${known ? '' : ' claimed'}"><b>${known ? 'named by the record' : 'no issuance'}</b><span class="shaft" aria-hidden="true"></span><span>${known ? 'no issuance is needed' : (answer.reason ?? '')}</span></li>`;
}

function acting({ name, what, roleArn }: Step, answer: SessionAnswer | null): Html {
  return html`<li class="party"><b>${roleArn ? html`<a href="${link('/sessions', { role: roleArn })}">${name}</a>` : name}</b><span class="sub">${what}</span>${
    answer?.sessionName ? html`<span class="sub">as ${answer.sessionName}</span>` : null
  }</li>`;
}

/** The rules that joined the hops, in words: how sure the chain is. */
export function confidence({ chain }: SessionAnswer): Html | null {
  const used = [...new Set(chain.map(hop => hop.joinedBy))];
  return used.length > 0
    ? html`<ul class="notes">${used.map(rule => html`<li class="note">${rules[rule]}</li>`)}</ul>`
    : null;
}
