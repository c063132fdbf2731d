import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { RoletrailConfig } from '../../infra/roletrail-config.ts';
import type { Ministack } from './ministack.ts';
import { NotOk, project, type Ran, run } from './step.ts';

const production = 'roletrail';
const ending = '.template.json';

/** What the real CDK CLI does with the app, against the emulator. `folder`: for assemblies and outputs. */
export class Cdk {
  readonly outputsFile: string;
  readonly #emulator: Ministack;
  readonly #folder: string;

  constructor(emulator: Ministack, folder: string) {
    this.#emulator = emulator;
    this.#folder = folder;
    this.outputsFile = join(folder, 'outputs.json');
  }

  /** An output of the production stack, as the last deployment wrote it. */
  output(name: string): string {
    const value = JSON.parse(readFileSync(this.outputsFile, 'utf8'))[production]?.[name];
    if (typeof value !== 'string') throw new NotOk(`the stack has no output ${name}`);
    return value;
  }

  /** Synthesizes a configuration as `cdk synth` does; answers the assembly's folder. */
  async synth(config: RoletrailConfig, name: string): Promise<string> {
    const file = join(this.#folder, `${name}.json`);
    writeFileSync(file, JSON.stringify(config));
    const assembly = join(this.#folder, `${name}.out`);
    await this.#must('cdk synth', ['synth', '--quiet', '-c', `config=${file}`, '-o', assembly]);
    return assembly;
  }

  bootstrap(): Promise<Ran> {
    return this.#must('cdk bootstrap', ['bootstrap', 'aws://999999999999/us-east-1']);
  }

  /** Each partner's stack in its own account and region; answers how many. */
  async deployPartners(assembly: string): Promise<number> {
    const stacks = readdirSync(assembly)
      .filter(name => name.startsWith(`${production}-partner-`) && name.endsWith(ending))
      .map(name => basename(name, ending));
    for (const stack of stacks) {
      const [, account = '', region = ''] = /-(\d{12})-(.+)$/.exec(stack) ?? [];
      await this.#must(`cdk deploy ${stack}`, this.#deploy(assembly, stack), account, region);
    }
    return stacks.length;
  }

  /** Deploys the production stack, and writes its outputs. */
  deploy(assembly: string): Promise<Ran> {
    return this.#must('cdk deploy roletrail', this.#deploy(assembly, production));
  }

  /** Deploys a stack that cannot be made: the last of its resources fails. Throws when it is made all the same. */
  async failDeploy(assembly: string): Promise<void> {
    const { status, said } = await this.#cdk(this.#deploy(failing(assembly), production));
    if (status === 0) throw new NotOk('a create that has to fail did not', said);
    if (!/ROLLBACK_COMPLETE/.test(said)) throw new NotOk('a create that failed was not rolled back', said);
  }

  destroy(assembly: string): Promise<Ran> {
    return this.#must('cdk destroy roletrail', ['destroy', production, '--app', assembly, '--force']);
  }

  #deploy(assembly: string, stack: string): string[] {
    const flags = ['--require-approval', 'never', '--progress', 'events', '--outputs-file', this.outputsFile];
    return ['deploy', stack, '--app', assembly, ...flags];
  }

  async #must(what: string, words: string[], account?: string, region?: string): Promise<Ran> {
    const ran = await this.#cdk(words, account, region);
    if (ran.status !== 0) throw new NotOk(`${what} ended in ${ran.status}`, ran.said);
    return ran;
  }

  #cdk(words: string[], account?: string, region?: string): Promise<Ran> {
    const program = join(project, 'node_modules', '.bin', 'cdk');
    return run(program, words, this.#emulator.environment(account, region));
  }
}

/** A copy of an assembly whose production stack ends in a resource that nobody answers for: all the others are made before. */
function failing(assembly: string): string {
  const copy = `${assembly}-failing`;
  cpSync(assembly, copy, { recursive: true });
  const file = join(copy, `${production}${ending}`);
  const template = JSON.parse(readFileSync(file, 'utf8')) as { Resources: Record<string, { Type: string }> };
  const others = Object.keys(template.Resources);
  const resources = {
    ...template.Resources,
    Handle: { Type: 'AWS::CloudFormation::WaitConditionHandle' },
    NeverTold: {
      Type: 'AWS::CloudFormation::WaitCondition',
      DependsOn: others,
      Properties: { Handle: { Ref: 'Handle' }, Timeout: '1' },
    },
  };
  writeFileSync(file, JSON.stringify({ ...template, Resources: resources }));
  // The CLI takes a template of the same hash for one that is in the bucket already.
  const assets = readFileSync(join(copy, `${production}.assets.json`), 'utf8');
  const [, hash = ''] = /"([0-9a-f]{64})": \{\s*"displayName": "roletrail Template"/.exec(assets) ?? [];
  if (!hash) throw new NotOk(`${copy} has no asset for the template of ${production}`);
  const other = hash.replace(/^.{8}/, '0'.repeat(8));
  for (const name of [`${production}.assets.json`, 'manifest.json']) {
    const path = join(copy, name);
    writeFileSync(path, readFileSync(path, 'utf8').replaceAll(hash, other));
  }
  return copy;
}
