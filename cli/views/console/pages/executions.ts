import {
  DescribeExecutionCommand,
  type ExecutionListItem,
  type ExecutionStatus,
  ListExecutionsCommand,
} from '@aws-sdk/client-sfn';
import { inParallel } from '../../../../core/parallel.ts';
import type { Deployment } from '../../../deployment/deployment.ts';
import { UsageError } from '../../../failure.ts';
import { day } from '../../text/format.ts';
import { type Html, html } from '../../text/html.ts';
import { link } from '../link.ts';
import { type Numbers, numbersIn, sourceText } from '../parts/counts.ts';
import { liveSeconds, liveSwitch } from '../parts/live.ts';
import { executionBadge, took } from '../parts/status.ts';
import { framed } from './page.ts';

const statuses = ['RUNNING', 'SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED'] as const;
const perPage = 25;
/** DescribeExecution requests at once: its bucket refills with 15 a second in most regions (service quotas). */
const describedAtOnce = 8;

interface Row extends ExecutionListItem {
  input: unknown;
  counts: Numbers;
}

/** The executions, newest first; loaded anew every few seconds while one runs or is about to, unless `live` is off. */
export async function executionsPage(
  deployment: Deployment,
  { status, from, live }: Record<string, string>,
): Promise<Html> {
  const chosen = statuses.find(each => each === status);
  if (status && !chosen) throw new UsageError(`there is no status ${status}`);
  const { sfn, outputs } = deployment;
  const { executions = [], nextToken } = await sfn.send(
    new ListExecutionsCommand({
      stateMachineArn: outputs.StateMachineArn,
      maxResults: perPage,
      ...(chosen ? { statusFilter: chosen } : {}),
      ...(from ? { nextToken: from } : {}),
    }),
  );
  const rows = await inParallel(executions, describedAtOnce, item => described(deployment, item));
  const running = rows.some(row => row.status === 'RUNNING');
  // Between two executions of a replay none may run, and the next is about to.
  const looking = live === 'on' || ((running || deployment.busy?.() === true) && live !== 'off');
  return framed({
    title: 'Executions',
    at: 'executions',
    refresh: looking ? liveSeconds : null,
    body: html`<div class="head"><h1>Executions</h1>${liveSwitch(looking, '/', { status, from })}</div>
<nav class="tabs" aria-label="Status">${tab('All', undefined, chosen)}${statuses.map(each => tab(words[each], each, chosen))}</nav>
${rows.length === 0 ? nothing(chosen, looking) : table(rows)}
<nav class="pager" aria-label="Pages">${from ? html`<a href="${link('/', { status })}">Newest</a>` : null}${
      nextToken ? html`<a href="${link('/', { status, from: nextToken })}" rel="next">Older</a>` : null
    }</nav>`,
  });
}

function nothing(chosen: string | undefined, looking: boolean): Html {
  if (chosen) return html`<p class="empty">No execution has this status. <a href="/">All executions</a></p>`;
  return looking
    ? html`<p class="empty">No execution has begun yet. This page looks again by itself.</p>`
    : html`<p class="empty">No execution has run here. <code>roletrail replay PATH</code> replays log files; a deployed stack begins one when a log file arrives.</p>`;
}

const words: Record<ExecutionStatus, string> = {
  RUNNING: 'Running',
  SUCCEEDED: 'Succeeded',
  FAILED: 'Failed',
  TIMED_OUT: 'Timed out',
  ABORTED: 'Aborted',
  PENDING_REDRIVE: 'Pending redrive',
};

async function described({ sfn }: Deployment, item: ExecutionListItem): Promise<Row> {
  const { input, output } = await sfn.send(
    new DescribeExecutionCommand({ executionArn: item.executionArn ?? '' }),
  );
  // Too large for the answer, Step Functions leaves them out (DescribeExecution, inputDetails).
  const read = (text: string | undefined): unknown => (text === undefined ? null : JSON.parse(text));
  return { ...item, input: read(input), counts: numbersIn(read(output)) };
}

function tab(label: string, status: string | undefined, chosen: string | undefined): Html {
  return html`<a href="${link('/', { status })}"${status === chosen ? html` aria-current="page"` : null}>${label}</a>`;
}

function table(rows: readonly Row[]): Html {
  return html`<div class="scroll"><table class="list">
<thead><tr><th>Status</th><th>Source</th><th>Started</th><th class="n">Took</th><th class="n">Records</th><th class="n">Kept</th><th class="n">Written</th><th class="n">Linked</th><th class="n">Not</th><th class="n">Refused</th></tr></thead>
<tbody>${rows.map(
    ({ name = '', status = '', startDate, stopDate, input, counts }) => html`<tr>
<td>${executionBadge(status)}</td>
<td class="wide"><a class="main" href="${link('/execution', { name })}">${sourceText(input)}</a><div class="sub">${name}</div></td>
<td class="time">${day(startDate?.toISOString())}</td>
<td class="n">${took(startDate?.toISOString(), stopDate?.toISOString(), status === 'RUNNING')}</td>
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
