import { join } from 'node:path';
import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import {
  CfnStateMachine,
  DefinitionBody,
  LogLevel,
  StateMachine,
  StateMachineType,
} from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type { Step } from './grants.ts';
import { createRole, type Grant } from './role.ts';

export interface PipelineProps {
  steps: Record<Step, IFunction>;
  key: IKey;
  /** the deployment's */
  name: string;
}

export const definitionFile = join(import.meta.dirname, '../statemachine/audit.asl.json');

/** The audit state machine: the definition file, its placeholders filled with the steps' functions. */
export class Pipeline extends Construct {
  readonly stateMachine: StateMachine;

  constructor(scope: Construct, id: string, { steps, key, name }: PipelineProps) {
    super(scope, id);
    const logs = new LogGroup(this, 'Logs', {
      // Each log delivery adds its group to one resource policy of the account, until that is full; not for this prefix.
      logGroupName: `/aws/vendedlogs/states/${name}-audit`,
      encryptionKey: key,
      retention: RetentionDays.ONE_YEAR,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const functions = Object.values(steps).map(step => step.functionArn);
    const role = createAuditRole(this, functions, key.keyArn);
    this.stateMachine = new StateMachine(this, 'Audit', {
      definitionBody: DefinitionBody.fromFile(definitionFile),
      definitionSubstitutions: { Partition: Stack.of(this).partition, ...substitutions(steps) },
      stateMachineType: StateMachineType.STANDARD,
      // Execution data stays out of the logs: it may hold what an attacker wrote.
      logs: { destination: logs, level: LogLevel.ALL, includeExecutionData: false },
      tracingEnabled: true,
      role,
    });
    const resource = this.stateMachine.node.defaultChild;
    if (!(resource instanceof CfnStateMachine))
      throw new TypeError('the state machine has no CfnStateMachine');
    // Set here, because CDK would open the key to the log delivery of every account.
    resource.encryptionConfiguration = {
      type: 'CUSTOMER_MANAGED_KMS_KEY',
      kmsKeyId: key.keyArn,
      kmsDataKeyReusePeriodSeconds: 300,
    };
  }
}

/** `${FetchFunctionArn}` and so on, as the definition names them. */
function substitutions(steps: Record<Step, IFunction>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(steps).map(([name, step]) => [
      `${name.charAt(0).toUpperCase()}${name.slice(1)}FunctionArn`,
      step.functionArn,
    ]),
  );
}

function createAuditRole(scope: Construct, functions: string[], keyArn: string): IRole {
  const { account, region, partition } = Stack.of(scope);
  const stateMachines = `arn:${partition}:states:${region}:${account}:stateMachine:*`;
  const useKey = (actions: string[], context: string, value: string): Grant => ({
    actions,
    resources: [keyArn],
    conditions: { StringLike: { [`kms:EncryptionContext:${context}`]: value } },
  });
  return createRole(scope, {
    description: 'Runs the audit',
    service: 'states.amazonaws.com',
    conditions: {
      StringEquals: { 'aws:SourceAccount': account },
      ArnLike: { 'aws:SourceArn': stateMachines },
    },
    policies: {
      Steps: [{ actions: ['lambda:InvokeFunction'], resources: functions }],
      Data: [
        useKey(['kms:Decrypt', 'kms:GenerateDataKey'], 'aws:states:stateMachineArn', stateMachines),
        useKey(['kms:GenerateDataKey'], 'SourceArn', `arn:${partition}:logs:${region}:${account}:*`),
      ],
      LogsAndTraces: [
        {
          actions: [...logDelivery, ...tracing],
          resources: ['*'],
          why: 'Log deliveries and X-Ray segments belong to the account; neither has resources to name.',
        },
      ],
    },
  });
}

/** @see https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html */
const logDelivery = [
  'logs:CreateLogDelivery',
  'logs:GetLogDelivery',
  'logs:UpdateLogDelivery',
  'logs:DeleteLogDelivery',
  'logs:ListLogDeliveries',
  'logs:PutResourcePolicy',
  'logs:DescribeResourcePolicies',
  'logs:DescribeLogGroups',
];

const tracing = [
  'xray:PutTraceSegments',
  'xray:PutTelemetryRecords',
  'xray:GetSamplingRules',
  'xray:GetSamplingTargets',
];
