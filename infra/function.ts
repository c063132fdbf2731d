import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import {
  Architecture,
  type Code,
  Function as LambdaFunction,
  Runtime,
  Tracing,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { environmentNames, type FunctionName } from '../steps/runtime/environment.ts';
import { createRole, type Grant } from './role.ts';

/** What each function is for, its memory in MB and its longest run in minutes. */
const functions: Record<FunctionName, { does: string; memory: number; minutes: number }> = {
  intake: { does: 'Reads queue messages and starts executions', memory: 512, minutes: 1 },
  fetch: { does: 'Pins the log files that are to be read', memory: 512, minutes: 5 },
  decompress: { does: 'Streams log files and finds the records that can matter', memory: 2048, minutes: 10 },
  filter: { does: 'Keeps calls under audited roles, issuances, denied attempts', memory: 1024, minutes: 10 },
  normalize: { does: 'Gives each kept record one typed shape', memory: 1024, minutes: 10 },
  persist: { does: 'Writes evidence once', memory: 1024, minutes: 10 },
  correlate: { does: 'Ties each credential to who it was issued to', memory: 1024, minutes: 10 },
  ledger: { does: 'Marks log files as processed to the end', memory: 512, minutes: 5 },
  quarantine: { does: 'Keeps what was refused, with its reason', memory: 512, minutes: 5 },
  watch: { does: 'Alerts sessions that stay unlinked, withdraws what is explained', memory: 512, minutes: 4 },
  integrity: { does: 'Holds log files against the digests CloudTrail signed', memory: 1024, minutes: 15 },
};

export const timeoutOf = (name: FunctionName) => Duration.minutes(functions[name].minutes);

/** Every variable a function can ask for, by the name `steps/runtime/environment.ts` gives it. */
export type Variable = (typeof environmentNames)[FunctionName][number];

export interface AuditFunctionProps {
  code: Code;
  key: IKey;
  grants: Grant[];
  /** the function gets those that it reads; a missing one is an error at synth */
  variables: Partial<Record<Variable, string>>;
  /** the deployment's name, which its metrics and logs have */
  service: string;
}

/** One function with its own role and log group. */
export class AuditFunction extends Construct {
  readonly function: LambdaFunction;

  constructor(
    scope: Construct,
    name: FunctionName,
    { code, key, grants, variables, service }: AuditFunctionProps,
  ) {
    super(scope, capitalized(name));
    const { does, memory } = functions[name];
    const logs = new LogGroup(this, 'Logs', {
      encryptionKey: key,
      retention: RetentionDays.ONE_YEAR,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const role = createRole(this, {
      description: does,
      service: 'lambda.amazonaws.com',
      // Lambda's guide does not document that aws:SourceAccount is set when it assumes the role: if it is set, it must be this account. A role
      // can also be passed only to functions of its own account.
      conditions: { StringEqualsIfExists: { 'aws:SourceAccount': Stack.of(this).account } },
      policies: {
        [capitalized(name)]: grants,
        LogsAndTraces: [
          { actions: ['logs:CreateLogStream', 'logs:PutLogEvents'], resources: [logs.logGroupArn] },
          {
            actions: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'],
            resources: ['*'],
            why: 'X-Ray has no resources to name: segments are sent to the account.',
          },
        ],
      },
    });
    this.function = new LambdaFunction(this, 'Function', {
      description: does,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      handler: 'index.handler',
      code,
      memorySize: memory,
      timeout: timeoutOf(name),
      logGroup: logs,
      tracing: Tracing.ACTIVE,
      role,
      environment: {
        ...ownVariables(name, variables),
        POWERTOOLS_SERVICE_NAME: service,
        POWERTOOLS_METRICS_NAMESPACE: 'roletrail',
        NODE_OPTIONS: '--enable-source-maps',
      },
    });
  }
}

function ownVariables(
  name: FunctionName,
  variables: Partial<Record<Variable, string>>,
): Record<string, string> {
  return Object.fromEntries(
    environmentNames[name].map(variable => {
      const value = variables[variable];
      if (value === undefined)
        throw new TypeError(`no value for ${variable}, which the function ${name} reads`);
      return [variable, value];
    }),
  );
}

export function capitalized(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}
