import { isObject } from '../../core/records/read.ts';
import type { DescribedExecution, ExecutionEvent } from './execution-store.ts';
import { type StateVisit, visitsOf } from './history.ts';

/** What is shown of an execution, also as `--json`. */
export interface Inspection {
  arn: string;
  name: string;
  status: string;
  started: string | null;
  ended: string | null;
  error: string | null;
  cause: string | null;
  /** key in the work bucket of what it set aside; null when it set aside nothing */
  quarantine: string | null;
  states: StateVisit[];
}

/** An execution as it is shown. `events`: its history. */
export function inspectionOf(
  { arn, name, status, started, ended, error, cause }: DescribedExecution,
  events: readonly ExecutionEvent[],
): Inspection {
  const states = visitsOf(events);
  const quarantines = states.map(({ output }) => quarantineIn(output)).filter(key => key !== null);
  const quarantine = quarantines.at(-1) ?? null;
  return { arn, name, status, started, ended, error, cause, quarantine, states };
}

function quarantineIn(output: unknown): string | null {
  const quarantine = isObject(output) && isObject(output.quarantine) ? output.quarantine : {};
  return typeof quarantine.key === 'string' ? quarantine.key : null;
}
