import {
  DescribeExecutionCommand,
  ExecutionDoesNotExist,
  GetExecutionHistoryCommand,
  type HistoryEvent,
  InvalidArn,
  type SFNClient,
} from '@aws-sdk/client-sfn';
import { isObject } from '../../core/records/read.ts';
import type { Deployment } from '../deployment/deployment.ts';
import { CliError, UsageError } from '../failure.ts';
import { executionsOf } from './executions.ts';
import { type StateVisit, visitsOf } from './history.ts';

/** What is told of an execution, also as `--json`. */
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

/** What is told of an execution. `events`: its history, where it was read already. */
export async function inspectionOf(
  sfn: SFNClient,
  executionArn: string,
  events?: readonly HistoryEvent[],
): Promise<Inspection> {
  const described = await sfn.send(new DescribeExecutionCommand({ executionArn }));
  const states = visitsOf(events ?? (await historyOf(sfn, executionArn)));
  const quarantines = states.map(({ output }) => quarantineIn(output)).filter(key => key !== null);
  return {
    arn: executionArn,
    name: described.name ?? '',
    status: described.status ?? '',
    started: described.startDate?.toISOString() ?? null,
    ended: described.stopDate?.toISOString() ?? null,
    error: described.error ?? null,
    cause: described.cause ?? null,
    quarantine: quarantines.at(-1) ?? null,
    states,
  };
}

/** An execution's whole history, page by page. */
export async function historyOf(sfn: SFNClient, executionArn: string): Promise<HistoryEvent[]> {
  const all: HistoryEvent[] = [];
  let nextToken: string | undefined;
  do {
    const page = await sfn.send(
      new GetExecutionHistoryCommand({ executionArn, maxResults: 1000, ...(nextToken ? { nextToken } : {}) }),
    );
    all.push(...(page.events ?? []));
    nextToken = page.nextToken;
  } while (nextToken);
  return all;
}

function quarantineIn(output: unknown): string | null {
  const quarantine = isObject(output) && isObject(output.quarantine) ? output.quarantine : {};
  return typeof quarantine.key === 'string' ? quarantine.key : null;
}

/** The execution a person means. Throws CliError when there is none, UsageError when there are several. */
export async function arnOf(execution: string, { sfn, outputs }: Deployment): Promise<string> {
  const arn = execution.startsWith('arn:')
    ? execution
    : `${outputs.StateMachineArn.replace(':stateMachine:', ':execution:')}:${execution}`;
  try {
    await sfn.send(new DescribeExecutionCommand({ executionArn: arn }));
    return arn;
  } catch (error) {
    if (!(error instanceof ExecutionDoesNotExist) && !(error instanceof InvalidArn)) throw error;
  }
  const fitting: string[] = [];
  for await (const { name = '', executionArn = '' } of executionsOf(sfn, outputs.StateMachineArn)) {
    if (name.startsWith(execution)) fitting.push(executionArn);
  }
  const [one, another] = fitting;
  if (!one) throw new CliError(`there is no execution ${execution}: roletrail executions lists them`);
  if (another)
    throw new UsageError(`${fitting.length} executions begin with ${execution}: give more of the name`);
  return one;
}
