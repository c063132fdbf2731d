import { CliError } from '../../../failure.ts';
import { executionMeant } from '../../../queries/executions.ts';
import { inspectionOf } from '../../../queries/inspection.ts';
import type { Store } from '../../../queries/store.ts';
import { type Html, html, lines } from '../../text/html.ts';
import { shownJson } from '../../text/masked.ts';
import { link } from '../link.ts';
import { framed } from './page.ts';

/** Everything that one state was given and handed on. `visit`: its index in the order of the execution, from 0. */
export async function statePage(
  store: Store,
  { name = '', visit = '' }: Record<string, string>,
): Promise<Html> {
  const execution = await executionMeant(name, store);
  const inspection = inspectionOf(execution, await Array.fromAsync(store.executions.history(execution.arn)));
  const state = /^\d+$/.test(visit) ? inspection.states[Number(visit)] : undefined;
  if (!state) throw new CliError(`the execution ${name} has no state number ${visit}`);
  return framed({
    title: `${state.name} of ${inspection.name}`,
    at: 'executions',
    body: html`<p class="crumbs"><a href="/">Executions</a> <a href="${link('/execution', { name: inspection.name })}">${inspection.name}</a></p>
<h1>${state.name}</h1>
<section><h2>Input</h2><pre>${lines(shownJson(state.input, 2))}</pre></section>
<section><h2>Output</h2><pre>${lines(shownJson(state.output, 2))}</pre></section>`,
  });
}
