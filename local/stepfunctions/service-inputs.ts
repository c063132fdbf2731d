import * as z from 'zod';
import { ServiceError } from '../contract.ts';

const text = z.string();
const paging = { maxResults: z.number().int().min(0).max(1000).optional(), nextToken: text.optional() };
const status = z.enum(['RUNNING', 'SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED']);
const start = z.strictObject({ stateMachineArn: text, name: text.optional(), input: text.optional() });

/** The inputs of the operations there are: strict, so that a field that would be ignored is refused. */
const inputs = {
  StartExecution: start,
  StopExecution: z.strictObject({ executionArn: text, error: text.optional(), cause: text.optional() }),
  DescribeExecution: z.strictObject({ executionArn: text }),
  RedriveExecution: z.strictObject({ executionArn: text, clientToken: text.optional() }),
  ListExecutions: z.strictObject({ stateMachineArn: text, statusFilter: status.optional(), ...paging }),
  GetExecutionHistory: z.strictObject({
    executionArn: text,
    reverseOrder: z.boolean().default(false),
    includeExecutionData: z.boolean().default(true),
    ...paging,
  }),
  DescribeStateMachine: z.strictObject({ stateMachineArn: text }),
  DescribeStateMachineForExecution: z.strictObject({ executionArn: text }),
  ListStateMachines: z.strictObject({ ...paging }),
};

export type Operation = keyof typeof inputs;
export type Input<O extends Operation> = z.infer<(typeof inputs)[O]>;

export function isOperation(name: string): name is Operation {
  return Object.hasOwn(inputs, name);
}

/** The input of an operation. Throws ServiceError `ValidationException` naming the fields that are wrong or unknown. */
export function parse<O extends Operation>(operation: O, raw: Record<string, unknown>): Input<O> {
  const result = inputs[operation].safeParse(raw);
  if (result.success) return result.data as Input<O>;
  const reasons = result.error.issues.map(issue => `${issue.path.join('.')}: ${issue.message}`);
  throw new ServiceError('ValidationException', `${operation}: ${reasons.join('; ')}`);
}
