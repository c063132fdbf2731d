import { lastPart } from '../../../../core/records/arn.ts';
import { logKeyParts } from '../../../../core/records/log-key.ts';
import { isObject } from '../../../../core/records/read.ts';
import { executionMeant } from '../../../queries/executions.ts';
import { type Inspection, inspectionOf } from '../../../queries/inspection.ts';
import type { Store } from '../../../queries/store.ts';
import { causeMessage } from '../../terminal/cause.ts';
import { day } from '../../text/format.ts';
import { type Html, html } from '../../text/html.ts';
import { link } from '../link.ts';
import { numbersIn, sourceText } from '../parts/counts.ts';
import { eventTable } from '../parts/event-table.ts';
import { machineGraph } from '../parts/graph.ts';
import { liveSeconds, liveSwitch } from '../parts/live.ts';
import { readMachine } from '../parts/machine.ts';
import { passageOf } from '../parts/passage.ts';
import { stateRows } from '../parts/state-rows.ts';
import { executionBadge, took } from '../parts/status.ts';
import { framed } from './page.ts';

/** One execution: its state machine drawn, each state with its tries, counts, input and output, and its events. */
export async function executionPage(
  store: Store,
  { name = '', events: from, live }: Record<string, string>,
): Promise<Html> {
  const { executions } = store;
  const execution = await executionMeant(name, store);
  const events = await Array.fromAsync(executions.history(execution.arn));
  const inspection = inspectionOf(execution, events);
  const machine = readMachine(await executions.definition(execution.arn));
  const graph = machineGraph(machine, passageOf(machine, inspection.states, inspection.status));
  const running = inspection.status === 'RUNNING';
  const looking = running && live !== 'off';
  return framed({
    title: `${sourceText(inputOf(inspection))}: ${inspection.name}`,
    at: 'executions',
    refresh: looking ? liveSeconds : null,
    body: html`<p class="crumbs"><a href="/">Executions</a></p>
<div class="head"><h1>${sourceText(inputOf(inspection))}</h1>${executionBadge(inspection.status)}${running ? liveSwitch(looking, '/execution', { name }) : null}</div>
${facts(inspection)}${whatFailed(inspection)}
<div class="split"><section class="panel drawing" aria-label="State machine">${graph}</section>
<div class="stack"><section><h2>Counts</h2>${totals(inspection)}</section>
<section><h2>States</h2>${stateRows(inspection)}</section>
${sources(inspection)}</div></div>
<section><h2>Events</h2>${eventTable(events, inspection.name, Number(from ?? 0))}</section>`,
  });
}

function inputOf({ states }: Inspection): unknown {
  return states[0]?.input ?? null;
}

function facts({ name, arn, status, started, ended, quarantine }: Inspection): Html {
  return html`<dl class="facts"><div><dt>Name</dt><dd>${name}</dd></div>
<div><dt>Started</dt><dd>${day(started)}</dd></div><div><dt>Took</dt><dd>${took(started, ended, status === 'RUNNING')}</dd></div>
${quarantine ? html`<div><dt>Quarantine</dt><dd><a href="${link('/quarantine', { key: quarantine })}">${lastPart(quarantine)}</a></dd></div>` : null}
<div class="wide"><dt>ARN</dt><dd><code>${arn}</code></dd></div></dl>`;
}

function whatFailed({ error, cause }: Inspection): Html | null {
  const reason = causeMessage(cause);
  return error || reason
    ? html`<p class="note bad">${error ? html`<strong>${error}</strong> ` : null}${reason ?? ''}</p>`
    : null;
}

/** The flow of the records in numbers: what the last state handed on. */
function totals({ states }: Inspection): Html {
  const last = states.findLast(({ output }) => Object.keys(numbersIn(output)).length > 0);
  const counts = numbersIn(last?.output);
  const shown = Object.entries(counts).filter(([, count]) => count > 0);
  if (shown.length === 0) return html`<p class="empty">No counts yet.</p>`;
  return html`<dl class="counts">${shown.map(
    ([name, count]) =>
      html`<div class="${['refused', 'rejected'].includes(name) ? 'bad' : name === 'unlinked' ? 'warn' : ''}"><dt>${name}</dt><dd>${count.toLocaleString('en-US')}</dd></div>`,
  )}</dl>`;
}

/** A log file leads to its day: what else was delivered then, and what the digests say. */
function source(bucket: string, key: string): Html {
  const named = logKeyParts(key);
  const uri = html`<code>s3://${bucket}/${key}</code>`;
  if (!named) return uri;
  const { account, time } = named;
  const day = `${time.slice(0, 4)}-${time.slice(4, 6)}-${time.slice(6, 8)}`;
  return html`<a href="${link('/coverage', { account, day })}">${uri}</a>`;
}

const mostSources = 20;

function sources(inspection: Inspection): Html | null {
  const input = inputOf(inspection);
  const all = isObject(input) && Array.isArray(input.sources) ? input.sources.filter(isObject) : [];
  if (all.length === 0) return null;
  const rest = all.length - mostSources;
  return html`<section><h2>Sources</h2><ul class="plain">${all
    .slice(0, mostSources)
    .map(({ bucket, key }) => html`<li>${source(String(bucket), String(key))}</li>`)}</ul>
${rest > 0 ? html`<p class="sub">and ${rest} more: <a href="${link('/state', { name: inspection.name, visit: 0 })}">the whole input</a></p>` : null}</section>`;
}
