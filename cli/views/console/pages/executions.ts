import { inParallel } from '../../../../core/parallel.ts';
import { UsageError } from '../../../failure.ts';
import { type Execution, executionStatuses } from '../../../queries/execution-store.ts';
import { firstOf } from '../../../queries/page.ts';
import type { Store } from '../../../queries/store.ts';
import { day } from '../../text/format.ts';
import { type Html, html } from '../../text/html.ts';
import { link } from '../link.ts';
import { type Numbers, numbersIn, sourceText } from '../parts/counts.ts';
import { liveSeconds, liveSwitch } from '../parts/live.ts';
import { executionBadge, took } from '../parts/status.ts';
import type { Shown } from '../shown.ts';
import { framed } from './page.ts';

const perPage = 25;
/** DescribeExecution requests at once: its bucket refills with 15 a second in most regions (service quotas). */
const describedAtOnce = 8;

interface Row extends Execution {
  input: unknown;
  counts: Numbers;
}

/** The executions, newest first. Loaded anew every few seconds while one runs or is about to, unless `live` is off. */
export async function executionsPage(
  { store, busy, traced }: Pick<Shown, 'store' | 'busy' | 'traced'>,
  { status, from, live }: Record<string, string>,
): Promise<Html> {
  const chosen = executionStatuses.find(each => each === status);
  if (status && !chosen) throw new UsageError(`no execution status is called ${status}`);
  const { items, next } = await firstOf(store.executions.list({ status: chosen, from, perPage }));
  const rows = await inParallel(items, describedAtOnce, item => described(store, item));
  const running = rows.some(row => row.status === 'RUNNING');
  // Between two executions of a replay none may run, and the next is about to.
  const looking = live === 'on' || ((running || busy?.() === true) && live !== 'off');
  return framed({
    title: 'Executions',
    at: 'executions',
    refresh: looking ? liveSeconds : null,
    body: html`<div class="head"><h1>Executions</h1>${liveSwitch(looking, '/', { status, from })}</div>
<nav class="tabs" aria-label="Status">${tab('All', undefined, chosen)}${executionStatuses.map(each => tab(words[each], each, chosen))}</nav>
${traced ? ofATrace : rows.length === 0 ? nothing(chosen, looking) : table(rows)}
<nav class="pager" aria-label="Pages">${from ? html`<a href="${link('/', { status })}">Newest</a>` : null}${
      next ? html`<a href="${link('/', { status, from: next })}" rel="next">Older</a>` : null
    }</nav>`,
  });
}

const ofATrace = html`<p class="empty">These answers are from a trace, which runs no state machine: see <a href="/sessions">Answers</a>.</p>`;

function nothing(chosen: string | undefined, looking: boolean): Html {
  if (chosen) return html`<p class="empty">No execution has this status. <a href="/">All executions</a></p>`;
  return looking
    ? html`<p class="empty">No execution has started yet. This page refreshes itself.</p>`
    : html`<p class="empty">No execution has run here. <code>roletrail replay PATH</code> replays log files; a deployed stack starts an execution when log files arrive.</p>`;
}

const words: Record<Execution['status'], string> = {
  RUNNING: 'Running',
  SUCCEEDED: 'Succeeded',
  FAILED: 'Failed',
  TIMED_OUT: 'Timed out',
  ABORTED: 'Aborted',
  PENDING_REDRIVE: 'Pending redrive',
};

async function described({ executions }: Store, item: Execution): Promise<Row> {
  const found = await executions.describe(item.arn);
  // Too large for the answer, Step Functions leaves them out (DescribeExecution, inputDetails).
  const read = (text: string | null | undefined): unknown => (text ? JSON.parse(text) : null);
  return { ...item, input: read(found?.input), counts: numbersIn(read(found?.output)) };
}

function tab(label: string, status: string | undefined, chosen: string | undefined): Html {
  return html`<a href="${link('/', { status })}"${status === chosen ? html` aria-current="page"` : null}>${label}</a>`;
}

function table(rows: readonly Row[]): Html {
  return html`<div class="scroll"><table class="list">
<thead><tr><th>Status</th><th>Source</th><th>Started</th><th class="n">Took</th><th class="n">Records</th><th class="n">Kept</th><th class="n">Written</th><th class="n">Linked</th><th class="n">Not</th><th class="n">Refused</th></tr></thead>
<tbody>${rows.map(
    ({ name, status, started, ended, input, counts }) => html`<tr>
<td>${executionBadge(status)}</td>
<td class="wide"><a class="main" href="${link('/execution', { name })}">${sourceText(input)}</a><div class="sub">${name}</div></td>
<td class="time">${day(started)}</td>
<td class="n">${took(started, ended, status === 'RUNNING')}</td>
${['records', 'kept', 'written', 'linked'].map(each => number(counts[each]))}${number(counts.unlinked, 'warn')}${number(refusedIn(counts), 'bad')}</tr>`,
  )}</tbody></table></div>`;
}

function refusedIn({ refused, rejected }: Numbers): number | undefined {
  return refused === undefined ? undefined : refused + (rejected ?? 0);
}

function number(count: number | undefined, kind = ''): Html {
  if (count === undefined) return html`<td class="n">–</td>`;
  return html`<td class="n ${count > 0 ? kind : 'zero'}">${count.toLocaleString('en-US')}</td>`;
}
