import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Stage } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import type { IConstruct } from 'constructs';
import { environmentNames, type FunctionName } from '../steps/runtime/environment.ts';
import { settingsFile } from '../steps/runtime/settings.ts';
import type { RoletrailConfig } from './roletrail-config.ts';
import { type Settings, settingsOf } from './settings.ts';

export const functionNames = Object.keys(environmentNames) as FunctionName[];

/** The folder of each function that was bundled to `outdir`. */
export function functionFolders(outdir: string): Record<FunctionName, string> {
  const folders = functionNames.map(name => [name, join(outdir, name)] as const);
  return Object.fromEntries(folders) as Record<FunctionName, string>;
}

/** The code of bundled functions, with the settings of each function in its package. */
export function bundledCode(
  folders: Record<FunctionName, string>,
): (name: FunctionName, settings: Settings) => Code {
  return (name, settings) => {
    if (Object.keys(settings).length > 0)
      writeFileSync(join(folders[name], settingsFile), `${JSON.stringify(settings)}\n`);
    return Code.fromAsset(folders[name]);
  };
}

/** Where the package of the constructs has the functions, bundled; nothing is there in the project itself. */
const packaged = join(import.meta.dirname, '..', '..', 'functions');

/** What each function runs, where the constructs come from their package. It is copied to the assembly of the app that `scope` is in. */
export function packagedCode(scope: IConstruct, config: RoletrailConfig): (name: FunctionName) => Code {
  const stage = Stage.of(scope);
  if (!stage) throw new TypeError(`${scope.node.path} is not in a CDK app`);
  const folder = join(stage.outdir, 'roletrail', scope.node.addr);
  cpSync(packaged, folder, { recursive: true });
  const codeOf = bundledCode(functionFolders(folder));
  return name => codeOf(name, settingsOf(name, config));
}
