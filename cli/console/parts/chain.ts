import type { Hop } from '../../../steps/linking/chain.ts';
import type { SessionAnswer } from '../../../steps/linking/session-answer.ts';
import type { Proofs } from '../../integrity/proofs.ts';
import type { People } from '../../people/people.ts';
import { rules } from '../../show/answer.ts';
import { nameParty, type Step, stepsTo } from '../../show/party.ts';
import { joins } from '../../show/story.ts';
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

function origin({ origin, status }: SessionAnswer, people: People): Html {
  if (!origin) {
    return html`<li class="party unknown"><b>nobody known</b><span class="sub">${status}</span></li>`;
  }
  const { name, what } = nameParty(origin, people);
  const id = origin.arn ?? origin.invokedBy ?? origin.onBehalfOf ?? origin.principalId;
  return html`<li class="party origin"><b>${id ? html`<a href="${link('/sessions', { origin: id })}">${name}</a>` : name}</b><span class="sub">${what}</span></li>`;
}

function arrow({ eventName, eventTime, eventIDs, joinedBy }: Hop, proofs: Proofs): Html {
  return html`<li class="arrow ${joinedBy}"><b>${eventName}</b><span>${day(eventTime)}</span><span class="shaft" aria-hidden="true"></span>
<span title="${rules[joinedBy]}">${joins[joinedBy]}</span>
<span class="proof">${eventIDs.map(id => html`<span class="one"><a href="${link('/event', { id })}" title="${id}">${id.slice(0, 8)}</a>${Object.hasOwn(proofs, id) ? verdictMark(proofs[id]) : null}</span>`)}</span></li>`;
}

function noArrow({ reason }: SessionAnswer): Html {
  return html`<li class="arrow claimed"><b>no issuance</b><span class="shaft" aria-hidden="true"></span><span>${reason ?? ''}</span></li>`;
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
