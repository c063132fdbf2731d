import { Annotations, type App, CfnOutput, Stack } from 'aws-cdk-lib';
import type { Code } from 'aws-cdk-lib/aws-lambda';
import type { FunctionName, LogNames } from '../steps/runtime/environment.ts';
import { version } from '../steps/runtime/version.ts';
import { deploymentName } from './names.ts';
import { Roletrail } from './roletrail.ts';
import type { RoletrailConfig } from './roletrail-config.ts';

export interface ProductionStackProps {
  config: RoletrailConfig;
  /** what each function runs */
  code: (name: FunctionName) => Code;
  logNames: LogNames;
}

/**
 * The stack of the production account. It sets no termination protection: with it, CloudFormation refuses to delete a stack
 * whose first creation failed, and nothing else can be done with such a stack. A command after the deployment sets it.
 */
export class ProductionStack extends Stack {
  constructor(app: App, { config, code, logNames }: ProductionStackProps) {
    super(app, deploymentName(config), {
      env: config.production,
      description: `roletrail ${version}: who really made that call? Audits cross-account roles from CloudTrail`,
      analyticsReporting: false,
    });
    // An ID of its own would become part of every logical ID.
    const { outputs } = new Roletrail(this, 'Default', { config, code, logNames });
    for (const [name, value] of Object.entries(outputs)) new CfnOutput(this, name, { value });
    if (config.trailBucket.create) this.#tellOfRetainedBucket(config.trailBucket.name);
    else turnOnEventBridge(this, config.trailBucket.name);
  }

  /** CloudFormation's error only says that the bucket exists; this says what to do. */
  #tellOfRetainedBucket(name: string): void {
    Annotations.of(this).addInfoV2(
      'roletrail:RetainedTrailBucket',
      `If bucket ${name} is there already, of an installation before, take it over: set trailBucket.create to false, and trailBucket.keyArn to the key of that installation.`,
    );
  }
}

/** An existing bucket sends events to EventBridge only if its owner turns that on. */
function turnOnEventBridge(stack: Stack, bucket: string): void {
  const configuration = JSON.stringify({ EventBridgeConfiguration: {} });
  new CfnOutput(stack, 'TurnOnEventBridge', {
    description:
      'Run it once. It replaces the notification configuration of the bucket: include the existing one',
    value: `aws s3api put-bucket-notification-configuration --bucket ${bucket} --notification-configuration '${configuration}'`,
  });
}
