import {
  DescribeExecutionCommand,
  DescribeStateMachineForExecutionCommand,
  ExecutionDoesNotExist,
  type ExecutionListItem,
  type HistoryEvent,
  InvalidArn,
  paginateGetExecutionHistory,
  paginateListExecutions,
  type SFNClient,
} from '@aws-sdk/client-sfn';
import type {
  DescribedExecution,
  Execution,
  ExecutionEvent,
  ExecutionStatus,
  ExecutionStore,
} from '../queries/execution-store.ts';
import type { Page, PageAsked } from '../queries/page.ts';

/** The most that one request takes (API reference, ListExecutions and GetExecutionHistory). */
const mostPerRequest = 1_000;
const executionsPerRequest = 100;

/** The executions of one state machine, as Step Functions tells them. */
export class StateMachineExecutions implements ExecutionStore {
  readonly #client: SFNClient;
  readonly #machine: string;

  /** `machine`: its ARN */
  constructor(client: SFNClient, machine: string) {
    this.#client = client;
    this.#machine = machine;
  }

  async *list({
    status,
    from,
    perPage = executionsPerRequest,
  }: PageAsked & { status?: ExecutionStatus | undefined } = {}): AsyncGenerator<Page<Execution>> {
    const pages = paginateListExecutions(
      { client: this.#client, pageSize: perPage, ...(from && { startingToken: from }) },
      { stateMachineArn: this.#machine, ...(status && { statusFilter: status }) },
    );
    for await (const { executions = [], nextToken } of pages)
      yield { items: executions.map(executionOf), next: nextToken ?? null };
  }

  async describe(execution: string): Promise<DescribedExecution | null> {
    const executionArn = execution.startsWith('arn:')
      ? execution
      : `${this.#machine.replace(':stateMachine:', ':execution:')}:${execution}`;
    try {
      const described = await this.#client.send(new DescribeExecutionCommand({ executionArn }));
      const { input = null, output = null, error = null, cause = null } = described;
      return { ...executionOf({ ...described, executionArn }), input, output, error, cause };
    } catch (error) {
      if (error instanceof ExecutionDoesNotExist || error instanceof InvalidArn) return null;
      throw error;
    }
  }

  async *history(executionArn: string): AsyncGenerator<ExecutionEvent> {
    const pages = paginateGetExecutionHistory(
      { client: this.#client, pageSize: mostPerRequest },
      { executionArn },
    );
    for await (const { events = [] } of pages) yield* events.map(eventOf);
  }

  async definition(executionArn: string): Promise<string> {
    const command = new DescribeStateMachineForExecutionCommand({ executionArn });
    const { definition = '{}' } = await this.#client.send(command);
    return definition;
  }
}

function executionOf(item: Partial<ExecutionListItem>): Execution {
  const { executionArn = '', name = '', status = 'RUNNING', startDate, stopDate } = item;
  return {
    name,
    status,
    started: startDate?.toISOString() ?? null,
    ended: stopDate?.toISOString() ?? null,
    arn: executionArn,
  };
}

/** The reported part of an event: every kind has its details under a name of its own. */
export function eventOf(event: HistoryEvent): ExecutionEvent {
  const { id = 0, type = '', timestamp, stateEnteredEventDetails, stateExitedEventDetails } = event;
  const details = Object.entries(event).find(([name]) =>
    /(?:Failed|TimedOut|Aborted)EventDetails$/.test(name),
  );
  const { error = null, cause = null } = (details?.[1] ?? {}) as { error?: string; cause?: string };
  return {
    id,
    type,
    at: timestamp?.toISOString() ?? null,
    state: stateEnteredEventDetails?.name ?? stateExitedEventDetails?.name ?? null,
    input: stateEnteredEventDetails?.input ?? null,
    output: stateExitedEventDetails?.output ?? null,
    error,
    cause,
  };
}
