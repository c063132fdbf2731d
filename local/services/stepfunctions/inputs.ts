import * as z from 'zod';

const text = z.string();
const paging = { maxResults: z.number().int().min(0).max(1000).optional(), nextToken: text.optional() };
const status = z.enum(['RUNNING', 'SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED']);

/** Step Functions' operations. */
export const statesInputs = {
  StartExecution: z.strictObject({ stateMachineArn: text, name: text.optional(), input: text.optional() }),
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

export type Operation = keyof typeof statesInputs;
export type Input<O extends Operation> = z.infer<(typeof statesInputs)[O]>;
