import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findInputs } from '../../../cli/inputs/inputs.ts';
import { noNames } from '../../../cli/people/people.ts';
import { type TraceOptions, trace } from '../../../cli/trace/trace.ts';
import type { Traced } from '../../../cli/trace/traced.ts';
import { Screen } from '../../../cli/views/text/screen.ts';

export interface Report {
  calls: string;
  sessions: string;
  traced: Traced;
}

/** Traces a path into `PATH-state.sqlite`, with a report in `PATH-report`. */
export async function traceOf(path: string, more: Partial<TraceOptions> = {}): Promise<Report> {
  const out = more.out ?? `${path}-report`;
  const silent = { write: () => true };
  const traced = await trace(await findInputs([path]), {
    roles: ['*'],
    accounts: [],
    state: { file: `${path}-state.sqlite`, named: true },
    out,
    people: noNames,
    screen: new Screen(silent, silent, false),
    signal: new AbortController().signal,
    ...more,
  });
  return {
    calls: readFileSync(join(out, 'calls.ndjson'), 'utf8'),
    sessions: readFileSync(join(out, 'sessions.ndjson'), 'utf8'),
    traced,
  };
}
