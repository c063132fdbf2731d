import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { parseConfig } from '../../infra/config.ts';
import example from '../../infra/roletrail.example.json' with { type: 'json' };
import { synthesize } from '../../infra/synth.ts';
import { configurations } from '../infra/configurations.ts';
import { alike } from './alike.ts';

/** Linters of others (MIT-0 and Apache-2.0, PyPI), as customers run them over what they are to deploy. */
const linters = {
  'cfn-lint': {
    version: '1.58.0',
    variable: 'CFN_LINT',
    arguments: (folder: string) => [
      '--format',
      'parseable',
      '--regions',
      'us-east-1',
      '--',
      `${folder}/*.json`,
    ],
  },
  checkov: {
    version: '3.3.30',
    variable: 'CHECKOV',
    arguments: (folder: string) => [
      '--framework',
      'cloudformation',
      '--skip-download',
      '--compact',
      '--quiet',
      '--directory',
      folder,
    ],
  },
};

const usage = `npm run test:lint -- [--keep]

Runs cfn-lint and checkov over every template of ${Object.keys(configurations).length} configurations. A finding fails unless it is acknowledged with
its reason in the template's own metadata, so that the scanner of whoever deploys it is quiet, too.
  --keep   leave the folder with the templates
CFN_LINT and CHECKOV name the programs, else they are looked for on PATH:
  python3 -m venv VENV && VENV/bin/pip install cfn-lint==${linters['cfn-lint'].version} checkov==${linters.checkov.version}
Exit status: 0 no finding, or skipped with a word; 1 findings; 2 wrong usage.`;

const { values } = parseArgs({ options: { keep: { type: 'boolean' }, help: { type: 'boolean' } } });
if (values.help) process.stdout.write(`${usage}\n`);
else {
  main(Boolean(values.keep));
  // The CDK would keep the process from ending.
  process.exit();
}

function main(keep: boolean): void {
  const programs = Object.entries(linters).map(([name, { variable, version, arguments: argumentsFor }]) => {
    const program = find(name, version, process.env[variable]);
    if (program === null)
      process.stdout.write(`skipped: ${name} ${version} is not here; ${variable} names it (see --help)\n`);
    return { name, program, argumentsFor };
  });
  if (programs.every(({ program }) => program === null)) return;
  const folder = mkdtempSync(join(tmpdir(), 'roletrail-lint-'));
  try {
    const count = writeTemplates(folder);
    for (const { name, program, argumentsFor } of programs) {
      if (program === null) continue;
      const { status, stdout, stderr } = spawnSync(program, argumentsFor(folder), {
        encoding: 'utf8',
        maxBuffer: 64 * 1024 * 1024,
      });
      process.stdout.write(`${stdout}${status === 0 ? '' : stderr}`);
      process.stdout.write(
        `${name}: ${status === 0 ? 'no finding' : `status ${status}`}, ${count} templates\n`,
      );
      if (status !== 0) process.exitCode = 1;
    }
  } finally {
    if (keep) process.stdout.write(`kept: ${folder}\n`);
    else rmSync(folder, { recursive: true });
  }
}

/** Partners' templates that differ in nothing but account and region are looked at once. Answers how many are written. */
function writeTemplates(folder: string): number {
  const written = new Set<string>();
  const code = () => Code.fromInline('exports.handler = async () => {}');
  for (const [index, change] of Object.values(configurations).entries()) {
    const assembly = mkdtempSync(join(tmpdir(), 'roletrail-lint-cdk-'));
    const config = parseConfig({ ...example, ...change });
    for (const [stack, file] of Object.entries(
      synthesize(config, assembly, { checks: false, code }).templates,
    )) {
      const text = readFileSync(file, 'utf8');
      const kind = alike(stack, text);
      if (written.has(kind)) continue;
      written.add(kind);
      writeFileSync(join(folder, `${index}-${stack}.json`), text);
    }
    rmSync(assembly, { recursive: true });
  }
  return written.size;
}

/** The program of exactly this version: another one knows other properties and other rules. */
function find(name: string, version: string, given: string | undefined): string | null {
  const program = given ?? spawnSync('which', [name], { encoding: 'utf8' }).stdout.trim();
  if (!existsSync(program)) return null;
  const { stdout } = spawnSync(program, ['--version'], { encoding: 'utf8' });
  return stdout.split(/\s+/).includes(version) ? program : null;
}
