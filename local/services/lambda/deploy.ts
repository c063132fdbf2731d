import { appendFileSync, mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Unsupported } from '../../contract.ts';
import { assetPath, type Deployment, deployTimeFunctions, type Running } from '../../template/deployment.ts';
import type { Concurrency } from './concurrency.ts';
import { functionEnvironment, type RoleCredentials } from './environment.ts';
import { LambdaFunction } from './function.ts';
import { WarmPool } from './warm-pool.ts';

export interface FunctionHost {
  endpoint: string;
  /** credentials of a role by its ARN, for the session a function has under it */
  credentialsOf(roleArn: string, functionName: string): RoleCredentials;
  /** the folder the logs go to: one file per function */
  logs: string;
  onLine(functionName: string, line: string): void;
  /** the folder in which is kept what V8 compiled of functions; absent: nothing is */
  compiled?: string | undefined;
  /** how many idle sandboxes stay warm over all functions */
  warm: number;
  /** what all functions may run at once; absent: no invocation is throttled */
  account?: Concurrency | undefined;
}

/** Invocations of one function at a time: there are two cores, and steps wait for input and output in between. */
const concurrency = 2;

/**
 * Idle sandboxes over all functions, unless the cloud's options say otherwise: one for each function that a batch passes and
 * one over. With fewer, the one that is needed next is always the one that made room.
 */
export const mostWarm = 8;

/** The functions of the production stack by ARN, without those that only serve custom resources. */
export function deployFunctions(deployment: Deployment, host: FunctionHost): Map<string, LambdaFunction> {
  mkdirSync(host.logs, { recursive: true });
  const deployTime = deployTimeFunctions(deployment.stack);
  const pool = new WarmPool(host.warm);
  return new Map(
    deployment
      .of('AWS::Lambda::Function')
      .filter(declared => !deployTime.has(declared.arn))
      .map(declared => [declared.arn, deployFunction(deployment, declared, host, pool)]),
  );
}

function deployFunction(
  deployment: Deployment,
  { logicalId, name, arn, properties }: Running<'AWS::Lambda::Function'>,
  host: FunctionHost,
  pool: WarmPool,
): LambdaFunction {
  const { Code, Handler, Runtime, Role, MemorySize, Timeout, Environment } = properties;
  if (!Runtime.startsWith('nodejs')) throw new Unsupported(`runtime ${Runtime} of ${logicalId}`);
  const folder = assetPath(deployment.stack, Code.S3Key, logicalId);
  if (!statSync(folder).isDirectory())
    throw new Unsupported(`the package of ${logicalId} is not a folder: ${folder}`);
  const environment = functionEnvironment({
    functionName: name,
    handler: Handler,
    memoryMegabytes: MemorySize,
    folder,
    region: deployment.region,
    endpoint: host.endpoint,
    credentials: host.credentialsOf(Role, name),
    runtime: Runtime,
    variables: Environment?.Variables ?? {},
  });
  const log = join(host.logs, `${name}.log`);
  return new LambdaFunction(
    {
      name,
      arn,
      roleArn: Role,
      folder,
      handler: Handler,
      compiled: host.compiled,
      memoryMegabytes: MemorySize,
      timeout: Timeout,
      environment,
      // Where the account's own limit is to be met, none of ours comes before it.
      concurrency: Math.min(
        host.account?.most ?? concurrency,
        properties.ReservedConcurrentExecutions ?? Number.POSITIVE_INFINITY,
      ),
    },
    line => {
      appendFileSync(log, `${line}\n`);
      host.onLine(name, line);
    },
    pool,
    host.account,
  );
}
