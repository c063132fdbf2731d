import { join, resolve } from 'node:path';
import { App, CloudFormationValidatePlugin, type IPolicyValidationPlugin, Validations } from 'aws-cdk-lib';
import type { Code } from 'aws-cdk-lib/aws-lambda';
import { CURRENTLY_RECOMMENDED_FLAGS, VALIDATE_AGAINST_DEFAULT_RULES } from 'aws-cdk-lib/cx-api';
import { AwsSolutionsChecks } from 'cdk-nag';
import type { FunctionName, LogNames } from '../steps/runtime/environment.ts';
import { bundleHandlers } from './bundle.ts';
import { bundledCode } from './function-code.ts';
import { partnerTopics } from './names.ts';
import { PartnerStack } from './partner-stack.ts';
import { ProductionStack } from './production-stack.ts';
import type { RoletrailConfig } from './roletrail-config.ts';
import { type Settings, settingsOf } from './settings.ts';

export interface SynthesizeOptions {
  /** false: without the checks, which take about as long as all else */
  checks?: boolean;
  /** what each function runs; absent: the handlers, bundled here */
  code?: (name: FunctionName, settings: Settings) => Code;
  /**
   * which file names are accepted: `any` for the embedded cloud of a replay. No configuration can set it, so a deployed stack
   * accepts only names of a trail
   */
  logNames?: LogNames;
}

/** What was written: the folder, and the template of each stack in it. */
export interface SynthesizedApp {
  assembly: string;
  /** stack name -> file */
  templates: Record<string, string>;
}

/**
 * Writes the app of a configuration to `outdir`, as `cdk synth` does.
 * Throws BundleError for a handler that cannot be bundled, and CDK's ValidationFailed for a check that fails.
 */
export function synthesize(
  config: RoletrailConfig,
  outdir: string,
  { checks = true, code, logNames = 'trail' }: SynthesizeOptions = {},
): SynthesizedApp {
  const app = new App({
    outdir: resolve(outdir),
    autoSynth: false,
    builtinCloudFormationValidation: checks,
    context: { ...CURRENTLY_RECOMMENDED_FLAGS, [VALIDATE_AGAINST_DEFAULT_RULES]: true },
  });
  const codeOf = code ?? bundledCode(bundleHandlers(join(app.outdir, 'functions')));
  new ProductionStack(app, { config, code: name => codeOf(name, settingsOf(name, config)), logNames });
  for (const partner of partnerTopics(config)) new PartnerStack(app, config, partner);
  if (checks) addChecks(app);
  const assembly = app.synth();
  return {
    assembly: assembly.directory,
    templates: Object.fromEntries(assembly.stacks.map(stack => [stack.stackName, stack.templateFullPath])),
  };
}

/** Every synthesis is held against AWS Solutions' rules and CloudFormation's own; a finding fails it. */
export function addChecks(app: App): void {
  // CDK's own types disagree on an optional property of these two under exactOptionalPropertyTypes.
  const cloudFormation = new CloudFormationValidatePlugin() as IPolicyValidationPlugin;
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app), cloudFormation);
}
