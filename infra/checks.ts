import {
  type App,
  CloudFormationValidatePlugin,
  type IPolicyValidationPlugin,
  Validations,
} from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';

/** Every synthesis is held against AWS Solutions' rules and CloudFormation's own; a finding fails it. */
export function addChecks(app: App): void {
  // CDK's own types disagree on an optional property of these two under exactOptionalPropertyTypes.
  const cloudFormation = new CloudFormationValidatePlugin() as IPolicyValidationPlugin;
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app), cloudFormation);
}
