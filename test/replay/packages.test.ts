import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { packCdk } from '../../pack/cdk.ts';
import { packCli } from '../../pack/cli.ts';
import { packLocal } from '../../pack/local.ts';
import { configWith, type Template } from '../infra/assembly.ts';
import logicalIds from '../infra/logical-ids.json' with { type: 'json' };
import { synthesized } from '../synthesized.ts';
import { project, readJson, run, temporaryFolder } from './roletrail.ts';

const folder = temporaryFolder();

/** The Node of the tests, and others that the environment names. */
const nodes = [process.execPath, ...(process.env.ROLETRAIL_NODES ?? '').split(delimiter).filter(Boolean)];
const versions = nodes.map(node => [execFileSync(node, ['--version'], { encoding: 'utf8' }).trim(), node]);

const npm = (cwd: string, ...words: string[]) =>
  execFileSync('npm', [...words, '--offline', '--no-audit', '--no-fund'], { cwd, encoding: 'utf8' });

/** Packs a folder into a tarball in another, and answers its name. */
function pack(packed: string, into: string): string {
  mkdirSync(into, { recursive: true });
  const [tarball] = JSON.parse(npm(packed, 'pack', '--json', '--pack-destination', into)) as {
    filename: string;
  }[];
  return tarball?.filename ?? '';
}

/** Packs a folder and puts it where `npm install` would, in an empty project beside packages of ours, which stand for a registry. */
function installBeside(packed: string, home: string, beside: readonly string[]): string {
  const tarball = pack(packed, home);
  const { name } = readJson<{ name: string }>(packed, 'package.json');
  const installed = join(home, 'node_modules', name);
  mkdirSync(installed, { recursive: true });
  execFileSync('tar', ['-xzf', join(home, tarball), '-C', installed, '--strip-components=1']);
  const { dependencies, optionalDependencies } = readJson<Record<string, Record<string, string>>>(
    installed,
    'package.json',
  );
  const bundled = readdirSync(installed).includes('node_modules');
  const needed = bundled ? [] : Object.keys({ ...dependencies, ...optionalDependencies });
  for (const each of [...needed, ...beside]) {
    const there = join(project, 'node_modules', each);
    if (!existsSync(there)) continue;
    mkdirSync(dirname(join(home, 'node_modules', each)), { recursive: true });
    symlinkSync(there, join(home, 'node_modules', each));
  }
  writeFileSync(join(home, 'package.json'), '{"private":true,"type":"module"}');
  return installed;
}

describe('the package of the command', () => {
  const home = join(folder, 'cli');
  const installed = join(home, 'node_modules', '@roletrail', 'cli');
  const command = join(home, 'node_modules', '.bin', 'roletrail');

  beforeAll(async () => {
    await packCli(join(folder, 'packed-cli'));
    // As `npm install FILE.tgz` does, with nothing from a registry.
    const tarball = pack(join(folder, 'packed-cli'), home);
    writeFileSync(join(home, 'package.json'), '{"private":true}');
    npm(home, 'install', `./${tarball}`);
  });

  test('is one package below 15 MB, without dependencies, the CDK or the embedded cloud', () => {
    expect(readdirSync(join(home, 'node_modules')).filter(name => !name.startsWith('.'))).toEqual([
      '@roletrail',
    ]);
    expect(readdirSync(join(home, 'node_modules', '@roletrail'))).toEqual(['cli']);
    expect(bytesOf(installed)).toBeLessThan(15e6);
    const { dependencies, bin } = readJson<Record<string, unknown>>(installed, 'package.json');
    expect(dependencies).toBeUndefined();
    expect(bin).toEqual({ roletrail: 'bin/roletrail.mjs' });
    const code = readdirSync(join(installed, 'lib')).filter(name => name.endsWith('.mjs'));
    const text = code.map(name => readFileSync(join(installed, 'lib', name), 'utf8')).join('');
    expect(text).toContain('AssumeRole');
    expect(text).not.toContain('aws-cdk-lib');
    expect(text).not.toContain('dynoxide serve');
    expect(text).not.toContain('aws-local-stepfunctions');
  });

  test('has the licences of what the bundle holds', () => {
    const notice = readFileSync(join(installed, 'NOTICE'), 'utf8');
    for (const name of ['commander', 'zod', '@aws-sdk/client-s3', 'hono'])
      expect(notice).toContain(`${name} `);
    expect(notice).not.toContain('no licence stated');
    expect(existsSync(join(installed, 'LICENSE'))).toBe(true);
  });

  test.each(versions)('runs with Node %s', async (_, node) => {
    const ask = (...words: string[]) => run([command, ...words], {}, home, node);
    expect(await ask('--version')).toMatchObject({ status: 0, err: '' });
    expect((await ask('--help')).out).toContain('Commands:');
    expect(await ask('verify', '--help')).toMatchObject({ status: 0, err: '' });
  });

  test.each(versions)('traces and answers with Node %s, in threads', async (version, node) => {
    const logs = join(home, 'logs');
    cpSync(join(project, 'samples', 'article', 'input'), logs, { recursive: true });
    // So many that threads read them.
    for (let n = 0; n < 100; n += 1) writeFileSync(join(logs, `${n}.json`), `{"Records":[]}`.padEnd(n + 14));
    const state = join(home, `${version}.sqlite`);
    const ask = (...words: string[]) => run([command, ...words, '--state', state], {}, home, node);
    const traced = await ask('trace', 'logs', '--fresh');
    expect(traced.status).toBe(0);
    // SQLite is experimental for Node, which is nothing that its user asked about.
    expect(traced.err).not.toMatch(/warning|experimental/i);
    expect(traced.out).toContain('101 log files, 3 records: 3 kept');
    // From another folder than the one that its paths are relative to.
    const event = '099ff820-00f2-4500-94fc-2b9da26d576f';
    const who = await run([command, 'who', event, '--full', '--state', state], {}, folder, node);
    expect(who).toMatchObject({ status: 0, err: '' });
    expect(who.out).toContain('jsmith');
    expect(who.out).toContain('"eventName": "ListBuckets"');
  });

  test('says of what it lacks where it is', async () => {
    const { status, err } = await run([command, 'replay', home], {}, home);
    expect(status).toBe(1);
    expect(err).toBe(
      'roletrail: this needs the embedded cloud, which is not part of this package, but of the project; roletrail trace answers from log files without it\n',
    );
    expect(existsSync(join(home, '.roletrail'))).toBe(false);
  });
});

describe('the package of the constructs', () => {
  const home = join(folder, 'cdk');

  test('makes a stack of a second app, with types and its own functions', async () => {
    packCdk(join(folder, 'packed-cdk'));
    installBeside(join(folder, 'packed-cdk'), home, ['aws-cdk-lib', 'constructs', '@types', 'undici-types']);
    writeFileSync(join(home, 'config.json'), JSON.stringify(configWith()));
    writeFileSync(join(home, 'app.ts'), secondApp);
    // As in an app that `cdk init` makes: the CDK's own declarations are not checked once more.
    const checked = await run([tsc, ...strict, '--skipLibCheck', 'app.ts'], {}, home);
    expect(checked).toEqual({ status: 0, out: '', err: '' });
    expect(await run(['app.ts'], {}, home)).toMatchObject({ status: 0, err: '' });
    const template = readJson<Template>(home, 'cdk.out', 'Theirs.template.json');
    const kinds = Object.values(template.Resources).map(({ Type }) => Type);
    const tables = (all: string[]) => all.filter(type => type === 'AWS::DynamoDB::Table').length;
    expect(tables(kinds)).toBe(tables(Object.values(logicalIds.roletrail)));
    expect(kinds.filter(type => type === 'AWS::StepFunctions::StateMachine')).toHaveLength(1);
    const assets = readJson<{ files: Record<string, { source: { path: string; packaging: string } }> }>(
      home,
      'cdk.out',
      'Theirs.assets.json',
    );
    const zips = Object.values(assets.files).filter(({ source }) => source.packaging === 'zip');
    expect(zips).toHaveLength(11);
    const filter = zips
      .map(({ source }) => join(home, 'cdk.out', source.path))
      .find(asset => existsSync(join(asset, 'settings.json')));
    expect(readJson<{ auditedRoles: string[] }>(filter ?? '', 'settings.json').auditedRoles).toEqual(
      configWith().auditedRoles,
    );
  });
});

describe('the package of the embedded cloud', () => {
  const home = join(folder, 'local');

  test('starts what was synthesized, with types, from another folder', async () => {
    packLocal(join(folder, 'packed-local'));
    // Beside it, what the program below needs.
    installBeside(join(folder, 'packed-local'), home, ['@aws-sdk/client-sfn', '@types/node', 'undici-types']);
    await synthesized(configWith(), join(home, 'cdk.out'));
    writeFileSync(join(home, 'program.ts'), program);
    const checked = await run([tsc, ...strict, 'program.ts'], {}, home);
    expect(checked).toEqual({ status: 0, out: '', err: '' });
    const { status, out, err } = await run(['program.ts'], {}, home);
    expect({ status, err }).toEqual({ status: 0, err: '' });
    expect(out).toMatch(/^arn:aws:states:[^:]+:\d{12}:stateMachine:\S*\n$/);
  });
});

const tsc = join(project, 'node_modules', 'typescript', 'bin', 'tsc');
const strict = ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2024', '--types', 'node'];

const program = `import { SFNClient, ListStateMachinesCommand } from '@aws-sdk/client-sfn';
import { type Cloud, startCloud } from '@roletrail/local';

const cloud: Cloud = await startCloud({ assembly: 'cdk.out', state: 'state' });
const { endpoint, region, credentials } = cloud;
const client = new SFNClient({ endpoint, region, credentials });
const { stateMachines = [] } = await client.send(new ListStateMachinesCommand({}));
for (const { stateMachineArn } of stateMachines) console.log(stateMachineArn);
await cloud.close();
`;

const secondApp = `import { readFileSync } from 'node:fs';
import { App, CfnOutput, Stack } from 'aws-cdk-lib';
import { packagedCode, parseConfig, Roletrail, type RoletrailConfig } from '@roletrail/cdk';

const config: RoletrailConfig = parseConfig(JSON.parse(readFileSync('config.json', 'utf8')), 'config.json');
// That CloudFormation would take the template is tested with the app's own.
const app = new App({ outdir: 'cdk.out', builtinCloudFormationValidation: false });
const stack = new Stack(app, 'Theirs', { env: config.production });
const { outputs } = new Roletrail(stack, 'Audit', { config, code: packagedCode(stack, config), removal: 'delete' });
for (const [name, value] of Object.entries(outputs)) new CfnOutput(stack, name, { value });
// @ts-expect-error
({ production: 1 }) satisfies RoletrailConfig;
app.synth();
`;

function bytesOf(file: string): number {
  const found = lstatSync(file);
  if (!found.isDirectory()) return found.size;
  return readdirSync(file).reduce((sum, name) => sum + bytesOf(join(file, name)), 0);
}
