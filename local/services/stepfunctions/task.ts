import { type Authorizer, type Caller, ServiceError } from '../../contract.ts';
import { isObject } from '../../template/json.ts';
import type { LambdaFunction } from '../lambda/function.ts';
import { invokeNeed } from '../lambda/needs.ts';
import { newTraceId } from '../lambda/trace-id.ts';
import { toRun } from './needs.ts';

/** A task attempt that failed: `name` is what Retry and Catch match, the message is the Cause. */
export class TaskError extends Error {
  constructor(error: string, cause: string) {
    super(cause);
    this.name = error;
  }
}

/** Runs one attempt of a task in a trace; answers what `lambda:invoke` answers. Throws {@link TaskError}. */
export type RunTask = (functionArn: string, payload: unknown, traceRoot: string) => Promise<object>;

/**
 * Tasks as the optimized Lambda integration runs them, with the permissions of the state machine's role.
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/connect-lambda.html
 */
export function lambdaTasks(
  functions: Map<string, LambdaFunction>,
  role: Caller,
  authorizer: Authorizer,
  machineArn: string,
): RunTask {
  return async (functionArn, payload, traceRoot) => {
    const target = functions.get(functionArn);
    if (!target) {
      throw new TaskError('Lambda.ResourceNotFoundException', `Function not found: ${functionArn}`);
    }
    try {
      authorizer.authorizeKey(role, machineArn, toRun);
      authorizer.authorize(role, [invokeNeed(functionArn)]);
      const result = await target.invoke(JSON.stringify(payload ?? {}), newTraceId(traceRoot));
      const parsed: unknown = JSON.parse(result.payload);
      if (result.functionError) {
        const type = isObject(parsed) && typeof parsed.errorType === 'string' ? parsed.errorType : undefined;
        throw new TaskError(type ?? 'Lambda.Unknown', result.payload);
      }
      return {
        ExecutedVersion: '$LATEST',
        Payload: parsed,
        SdkHttpMetadata: { HttpStatusCode: 200 },
        SdkResponseMetadata: { RequestId: result.requestId },
        StatusCode: 200,
      };
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      // The machine's own key: no call of Lambda's.
      if (error.code.startsWith('Kms')) throw new TaskError(error.code, error.message);
      // As the integration names an error of the Lambda service itself.
      const denied = error.code.startsWith('AccessDenied');
      const name = denied ? 'Lambda.AWSLambdaException' : `Lambda.${error.code}`;
      throw new TaskError(
        name,
        `${error.message} (Service: Lambda, Status Code: ${denied ? 403 : error.status})`,
      );
    }
  };
}
