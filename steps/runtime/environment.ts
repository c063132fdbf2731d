/**
 * The functions' environment, read once, in one typed place. The stack sets these names; a missing one is an error
 * that names itself, because a default would send evidence to the wrong place in silence.
 */
export const environmentNames = {
  intake: [
    'STATE_MACHINE_ARN',
    'WORK_BUCKET',
    'TRAIL_QUEUE_URL',
    'PARTNER_QUEUE',
    'PARTNER_QUEUE_URL',
    'SENDERS_TABLE',
    'EXECUTIONS_AT_ONCE',
  ],
  fetch: ['WORK_BUCKET', 'TRAIL_BUCKETS', 'LEDGER_TABLE', 'REDELIVERED', 'LOG_NAMES'],
  decompress: ['WORK_BUCKET'],
  filter: ['WORK_BUCKET'],
  normalize: ['WORK_BUCKET'],
  persist: ['WORK_BUCKET', 'EVIDENCE_TABLE', 'LOOKUPS_TABLE', 'IDEMPOTENCY_TABLE', 'RETENTION_DAYS'],
  correlate: ['WORK_BUCKET', 'SESSIONS_TABLE', 'RETENTION_DAYS'],
  ledger: ['WORK_BUCKET', 'LEDGER_TABLE', 'RETENTION_DAYS'],
  quarantine: ['WORK_BUCKET', 'SENDERS_TABLE', 'TRAIL_QUEUE_URL'],
  watch: [
    'SESSIONS_TABLE',
    'EVIDENCE_TABLE',
    'LEDGER_TABLE',
    'ALARM_TOPIC',
    'EVENT_SOURCE',
    'GRACE_MINUTES',
    'LOOKBACK_DAYS',
    'QUIET_MINUTES',
    'RETENTION_DAYS',
  ],
  integrity: [
    'TRAIL_BUCKETS',
    'LEDGER_TABLE',
    'ALARM_TOPIC',
    'EVENT_SOURCE',
    'DIGEST_QUEUE',
    'RETENTION_DAYS',
  ],
} as const;

/**
 * LOG_NAMES: the file names that Fetch accepts. `trail`: names that CloudTrail gives, and no others; `any`: every .json and
 * .json.gz, only for the embedded cloud of a replay, where the user names the files.
 */
export const logNames = ['trail', 'any'] as const;
export type LogNames = (typeof logNames)[number];

export type FunctionName = keyof typeof environmentNames;

export class MissingEnvironment extends Error {
  override name = 'MissingEnvironment';
  constructor(variable: string, functionName: string) {
    super(`environment variable ${variable} of the function ${functionName} is not set`);
  }
}

/** The variables of one function. Throws {@link MissingEnvironment} for the first that is absent or empty. */
export function readEnvironment<F extends FunctionName>(
  functionName: F,
  environment: NodeJS.ProcessEnv = process.env,
): Record<(typeof environmentNames)[F][number], string> {
  const values: Record<string, string> = {};
  for (const variable of environmentNames[functionName]) {
    const value = environment[variable];
    if (!value) throw new MissingEnvironment(variable, functionName);
    values[variable] = value;
  }
  return values as Record<(typeof environmentNames)[F][number], string>;
}

/** A variable that holds one of a few words: REDELIVERED, LOG_NAMES. */
export function readChoice<C extends string>(variable: string, value: string, choices: readonly C[]): C {
  const found = choices.find(choice => choice === value);
  if (found === undefined) throw new TypeError(`${variable} is none of ${choices.join(', ')}: ${value}`);
  return found;
}

/** A variable that holds a whole number from 0: GRACE_MINUTES, LOOKBACK_DAYS, QUIET_MINUTES, EXECUTIONS_AT_ONCE. */
export function readCount(variable: string, value: string): number {
  if (!/^\d+$/.test(value)) throw new TypeError(`${variable} is no whole number: ${value}`);
  return Number(value);
}

/** A variable that holds a JSON list of strings: TRAIL_BUCKETS. */
export function readList(variable: string, value: string): string[] {
  const list: unknown = JSON.parse(value);
  if (!Array.isArray(list) || list.some(item => typeof item !== 'string')) {
    throw new TypeError(`${variable} is no JSON list of strings: ${value}`);
  }
  return list;
}
