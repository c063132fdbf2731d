import type { Attempt, StateVisit } from '../../../queries/history.ts';
import type { Inspection } from '../../../queries/inspection.ts';
import { causeMessage } from '../../terminal/cause.ts';
import { shortened } from '../../terminal/inspection.ts';
import { plural } from '../../text/format.ts';
import { type Html, html, lines } from '../../text/html.ts';
import { shownJson } from '../../text/masked.ts';
import { link } from '../link.ts';
import { changed } from './counts.ts';
import { badge, took } from './status.ts';

/** Every pass through a state: outcome, time, what it counted, and on a closer look its tries, input and output. */
export function stateRows({ name, status, states }: Inspection): Html {
  const seen = new Set<string>();
  return html`<div class="states">${states.map((visit, index) => {
    const first = !seen.has(visit.name);
    seen.add(visit.name);
    return stateRow(visit, index, { execution: name, running: status === 'RUNNING', first });
  })}</div>`;
}

interface StateContext {
  execution: string;
  running: boolean;
  /** a state that is passed again is linked to once */
  first: boolean;
}

function stateRow(visit: StateVisit, index: number, { execution, running, first }: StateContext): Html {
  const { name, type, entered, exited, attempts, input, output } = visit;
  const tries = attempts.length > 1 ? badge('warn', plural(attempts.length, 'attempt')) : null;
  const counts = changed(input, output);
  return html`<details class="state"${first ? html` id="state-${name}"` : null}><summary>
<span class="name">${name}</span><span class="sub">${type}</span>${outcomeOf(visit, running)}${tries}
<span class="tally">${counts.map(([each, count]) => html`<span>${each} <b>${count.toLocaleString('en-US')}</b></span>`)}</span>
<span class="took">${took(entered, exited, running && type !== 'Succeed')}</span></summary>
${attempts.length > 1 || attempts.some(each => each.error) ? attemptList(attempts) : null}
<div class="pair"><div><h3>Input</h3>${json(input)}</div><div><h3>Output</h3>${json(output)}</div></div>
<p class="sub"><a href="${link('/state', { name: execution, visit: index })}">Whole input and output</a></p></details>`;
}

function outcomeOf({ type, exited, attempts }: StateVisit, running: boolean): Html | null {
  const last = attempts.at(-1);
  if (type === 'Fail') return badge('bad', 'failed');
  if (last && last.outcome !== 'succeeded' && last.outcome !== 'running') {
    return badge('bad', exited ? `${last.outcome}, caught` : last.outcome);
  }
  if (!exited && type !== 'Succeed')
    return running ? badge('busy', 'in progress') : badge('dull', 'not left');
  return null;
}

function attemptList(attempts: readonly Attempt[]): Html {
  return html`<ol class="attempts">${attempts.map(({ outcome, started, ended, error, cause }) => {
    const reason = [error, causeMessage(cause)].filter(part => part).join(': ');
    return html`<li><span class="${outcome === 'succeeded' ? 'ok' : 'no'}">${outcome}</span> after ${took(started, ended)}${reason ? `: ${reason}` : ''}</li>`;
  })}</ol>`;
}

function json(value: unknown): Html {
  return value === null
    ? html`<p class="sub">none</p>`
    : html`<pre>${lines(shownJson(shortened(value), 2))}</pre>`;
}
