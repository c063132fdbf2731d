import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Code, IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { FunctionName, LogNames } from '../steps/runtime/environment.ts';
import { configDefaults, retentionDays } from './config-defaults.ts';
import { AuditFunction, type Variable } from './function.ts';
import { type Step, type StepResources, stepGrants } from './grants.ts';
import { deploymentName } from './names.ts';
import type { RoletrailConfig } from './roletrail-config.ts';

export interface StepsProps extends StepResources {
  key: IKey;
  config: RoletrailConfig;
  logNames: LogNames;
  code: (name: FunctionName) => Code;
}

/** The functions the state machine calls. */
export class Steps extends Construct {
  readonly functions: Record<Step, IFunction>;

  constructor(scope: Construct, id: string, props: StepsProps) {
    super(scope, id);
    const { buckets, tables, key, config, logNames, code } = props;
    const variables: Partial<Record<Variable, string>> = {
      WORK_BUCKET: buckets.work.bucketName,
      TRAIL_BUCKETS: JSON.stringify([config.trailBucket.name]),
      EVIDENCE_TABLE: tables.evidence.tableName,
      SESSIONS_TABLE: tables.sessions.tableName,
      LEDGER_TABLE: tables.ledger.tableName,
      LOG_NAMES: logNames,
      REDELIVERED: config.redelivered ?? configDefaults.redelivered,
      LOOKUPS_TABLE: tables.lookups.tableName,
      IDEMPOTENCY_TABLE: tables.idempotency.tableName,
      SENDERS_TABLE: tables.senders.tableName,
      RETENTION_DAYS: retentionDays(config),
      TRAIL_QUEUE_URL: props.trailQueue.queueUrl,
    };
    const grants = stepGrants(props);
    const step = (name: Step) =>
      new AuditFunction(this, name, {
        code: code(name),
        key,
        grants: grants[name],
        variables,
        service: deploymentName(config),
      }).function;
    this.functions = {
      fetch: step('fetch'),
      decompress: step('decompress'),
      filter: step('filter'),
      normalize: step('normalize'),
      persist: step('persist'),
      correlate: step('correlate'),
      ledger: step('ledger'),
      quarantine: step('quarantine'),
    };
  }
}
