import type * as z from 'zod';
import { ServiceError } from '../contract.ts';

/** The operations a service has: name -> its input. Strict, so that a field that would be ignored is refused. */
export type Inputs = Record<string, z.ZodType>;

/** A handler for each operation of the table, and for no other. */
export type Handlers<I extends Inputs> = {
  [O in keyof I]: (input: z.infer<I[O]>) => object | Promise<object>;
};

/** How a service names what it refuses. */
export interface Refusals {
  /** as messages name it */
  service: string;
  /** code of an operation that is not in the table */
  unknown: string;
  /** code of an input that is not of the operation's shape */
  invalid: string;
}

/**
 * Answers an operation by its handler. Throws {@link ServiceError} for an operation that is not in the table, and for an
 * input that is not of its shape, naming the fields that are wrong or unknown.
 */
export async function answerBy<I extends Inputs>(
  inputs: I,
  handlers: Handlers<I>,
  { service, unknown, invalid }: Refusals,
  operation: string,
  raw: Record<string, unknown>,
): Promise<object> {
  const shape = Object.hasOwn(inputs, operation) ? inputs[operation] : undefined;
  if (!shape) throw new ServiceError(unknown, `${service} operation ${operation} is not supported`);
  const input = shape.safeParse(raw);
  if (!input.success) {
    const reasons = input.error.issues.map(issue => `${issue.path.join('.')}: ${issue.message}`);
    throw new ServiceError(invalid, `${operation}: ${reasons.join('; ')}`);
  }
  return handlers[operation as keyof I](input.data as z.infer<I[keyof I]>);
}
