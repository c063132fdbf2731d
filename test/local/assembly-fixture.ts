import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const account = '111122223333';
export const region = 'eu-west-1';

export function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), 'roletrail-test-'));
}

type Template = Record<string, unknown>;

export interface FixtureStack {
  name: string;
  template: Template;
  environment?: string;
  /** object key -> a folder's files, or one file's text */
  assets?: Record<string, Record<string, string> | string>;
}

/** Writes a cloud assembly as `cdk synth` would, and answers its folder. */
export function writeAssembly(stacks: FixtureStack[]): string {
  const folder = temporaryFolder();
  const artifacts: Record<string, object> = { Tree: { type: 'cdk:tree' } };
  const write = (file: string, value: unknown) => writeFileSync(join(folder, file), JSON.stringify(value));
  for (const { name, template, environment = `aws://${account}/${region}`, assets = {} } of stacks) {
    const files: Record<string, object> = {};
    for (const [key, content] of Object.entries(assets)) {
      const path = `asset.${key}`;
      if (typeof content === 'string') writeFileSync(join(folder, path), content);
      else {
        mkdirSync(join(folder, path));
        for (const [file, text] of Object.entries(content)) writeFileSync(join(folder, path, file), text);
      }
      files[key] = {
        source: { path, packaging: typeof content === 'string' ? 'file' : 'zip' },
        destinations: { here: { bucketName: 'assets', objectKey: key } },
      };
    }
    artifacts[`${name}.assets`] = { type: 'cdk:asset-manifest', properties: { file: `${name}.assets.json` } };
    artifacts[name] = {
      type: 'aws:cloudformation:stack',
      environment,
      properties: { templateFile: `${name}.template.json` },
      dependencies: [`${name}.assets`],
    };
    write(`${name}.assets.json`, { version: '1', files, dockerImages: {} });
    write(`${name}.template.json`, template);
  }
  write('manifest.json', { version: '1', artifacts });
  return folder;
}

/** A role that Lambda or Step Functions may assume, with the statements of its policy. */
export function role(service: string, ...statements: object[]) {
  return {
    Type: 'AWS::IAM::Role',
    Properties: {
      AssumeRolePolicyDocument: {
        Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: service } }],
      },
      Policies: [{ PolicyName: 'own', PolicyDocument: { Version: '2012-10-17', Statement: statements } }],
    },
  };
}

/** A state machine with one Pass state. */
export function passMachine() {
  return {
    MachineRole: role('states.amazonaws.com'),
    Machine: {
      Type: 'AWS::StepFunctions::StateMachine',
      Properties: {
        RoleArn: { 'Fn::GetAtt': ['MachineRole', 'Arn'] },
        DefinitionString: JSON.stringify({ StartAt: 'Pass', States: { Pass: { Type: 'Pass', End: true } } }),
      },
    },
  };
}
