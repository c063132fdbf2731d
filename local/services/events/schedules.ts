import { type ScheduledRun, ServiceError, Unsupported } from '../../contract.ts';
import type { Deployment, Running } from '../../template/deployment.ts';
import type { LambdaFunction } from '../lambda/function.ts';
import { scheduledEvent } from './model.ts';

/** A rule that fires by the clock, and the function it invokes. */
export interface Schedule {
  name: string;
  arn: string;
  region: string;
  account: string;
  target: LambdaFunction;
}

const rate = /^rate\((?:1 (?:minute|hour|day)|(?:[2-9]|[1-9]\d+) (?:minutes|hours|days))\)$/;

/**
 * The schedules of the production stack that are switched on. `functions` by ARN.
 * @throws Unsupported for a schedule other than a rate, a target that is not a function of the stack, or a function whose
 * permissions do not let the rule invoke it: EventBridge would fail in silence
 */
export function openSchedules(deployment: Deployment, functions: Map<string, LambdaFunction>): Schedule[] {
  const permissions = deployment.of('AWS::Lambda::Permission');
  return deployment.of('AWS::Events::Rule').flatMap(({ name, arn, properties }) => {
    const { ScheduleExpression, State, Targets } = properties;
    if (ScheduleExpression === undefined || State === 'DISABLED') return [];
    if (!rate.test(ScheduleExpression))
      throw new Unsupported(`schedule ${ScheduleExpression} of rule ${name}`);
    return Targets.map(({ Arn }) => {
      const target = functions.get(Arn);
      if (!target) throw new Unsupported(`rule ${name} invokes ${Arn}, which is not a function of the stack`);
      if (!permissions.some(permission => permits(permission, target, arn))) {
        throw new Unsupported(
          `no permission of the function ${target.spec.name} lets rule ${name} invoke it`,
        );
      }
      return { name, arn, region: deployment.region, account: deployment.account, target };
    });
  });
}

function permits(
  { properties }: Running<'AWS::Lambda::Permission'>,
  { spec }: LambdaFunction,
  ruleArn: string,
): boolean {
  const { Action, FunctionName, Principal, SourceArn, SourceAccount } = properties;
  return (
    Action === 'lambda:InvokeFunction' &&
    (FunctionName === spec.arn || FunctionName === spec.name) &&
    Principal === 'events.amazonaws.com' &&
    (SourceArn === undefined || SourceArn === ruleArn) &&
    (SourceAccount === undefined || SourceAccount === ruleArn.split(':')[4])
  );
}

/**
 * Runs schedules once, as if their time had come.
 * @throws Error naming the function that failed, and its own error; the others have run as well
 */
export async function runSchedules(
  schedules: readonly Schedule[],
  now = new Date(),
): Promise<ScheduledRun[]> {
  const runs = await Promise.all(schedules.map(schedule => run(schedule, now)));
  const failed = runs.find(({ error }) => error !== undefined);
  if (failed) throw new Error(`${failed.functionName}, started by ${failed.rule}, failed: ${failed.error}`);
  return runs.map(({ error: _, ...each }) => each);
}

async function run({ name, arn, region, account, target }: Schedule, now: Date) {
  const event = scheduledEvent(arn, account, region, now);
  const common = { rule: name, functionName: target.spec.name };
  try {
    const { payload, functionError } = await target.invoke(JSON.stringify(event));
    return { ...common, result: JSON.parse(payload) as unknown, error: functionError ? payload : undefined };
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    return { ...common, result: null, error: error.message };
  }
}
