/** History events in AWS's own shape, as GetExecutionHistory answers them. */

export type Details = Record<string, unknown>;

export interface HistoryEvent {
  id: number;
  previousEventId: number;
  /** epoch seconds */
  timestamp: number;
  type: string;
  [details: `${string}Details`]: Details;
}

/** Where events go as they happen. */
export type Append = (event: HistoryEvent) => void;

const whole = { truncated: false };

/** Numbers the events of one execution and links each to the one before it. */
export class History {
  #id: number;
  #previous: number;
  readonly #append: Append;

  /** `last`: id of the last event already written, for an execution that is redriven */
  constructor(append: Append, last = 0) {
    this.#append = append;
    this.#id = last;
    // The first state's entry follows no other: on AWS its previousEventId is 0, as that of ExecutionStarted is.
    this.#previous = last === 1 ? 0 : last;
  }

  get length(): number {
    return this.#id;
  }

  add(type: string, details?: Details): void {
    this.#id += 1;
    const event: HistoryEvent = {
      id: this.#id,
      previousEventId: this.#previous,
      timestamp: Date.now() / 1000,
      type,
    };
    if (details) event[detailsKey(type)] = details;
    this.#append(event);
    this.#previous = this.#id;
  }

  started(input: string, roleArn: string): void {
    this.add('ExecutionStarted', { input, inputDetails: whole, roleArn });
  }

  entered(stateType: string, name: string, input: string): void {
    this.add(`${stateType}StateEntered`, { name, input, inputDetails: whole });
  }

  exited(stateType: string, name: string, output: string): void {
    this.add(`${stateType}StateExited`, { name, output, outputDetails: whole });
  }

  scheduled(region: string, parameters: string, timeoutInSeconds?: number): void {
    const timeout = timeoutInSeconds === undefined ? {} : { timeoutInSeconds };
    this.add('TaskScheduled', { ...lambdaInvoke, region, parameters, ...timeout });
    this.add('TaskStarted', lambdaInvoke);
  }

  taskSucceeded(output: string): void {
    this.add('TaskSucceeded', { ...lambdaInvoke, output, outputDetails: whole });
  }

  taskFailed(error: string, cause: string): void {
    this.add('TaskFailed', { ...lambdaInvoke, error, cause });
  }

  taskTimedOut(): void {
    this.add('TaskTimedOut', { ...lambdaInvoke, error: 'States.Timeout' });
  }

  succeeded(output: string): void {
    this.add('ExecutionSucceeded', { output, outputDetails: whole });
  }

  ended(type: 'ExecutionFailed' | 'ExecutionAborted' | 'ExecutionTimedOut', details: Details): void {
    this.add(type, details);
  }
}

const lambdaInvoke = { resourceType: 'lambda', resource: 'invoke' };

/** `TaskStateEntered` -> `stateEnteredEventDetails`, `TaskFailed` -> `taskFailedEventDetails` */
export function detailsKey(type: string): `${string}Details` {
  const state = /^[A-Z][a-z]+State(Entered|Exited)$/.exec(type);
  const name = state ? `state${state[1]}` : `${type.charAt(0).toLowerCase()}${type.slice(1)}`;
  return `${name}EventDetails`;
}

const dataFields = ['input', 'inputDetails', 'output', 'outputDetails', 'parameters'];

/** The event as GetExecutionHistory answers it with `includeExecutionData: false`. */
export function withoutData(event: HistoryEvent): HistoryEvent {
  const key = detailsKey(event.type);
  const details = event[key];
  if (!details) return event;
  const kept = Object.entries(details).filter(([name]) => !dataFields.includes(name));
  return { ...event, [key]: Object.fromEntries(kept) };
}
