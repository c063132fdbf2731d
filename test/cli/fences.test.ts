import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const project = join(import.meta.dirname, '..', '..');

const forbidden = [
  ['steps/cloudtrail/a.ts', '../contract.ts'],
  ['steps/cloudtrail/b.ts', '@aws-sdk/client-s3'],
  ['steps/cloudtrail/json/a.ts', '../../contract.ts'],
  ['steps/linking/a.ts', '../aws/evidence-item.ts'],
  ['steps/linking/b.ts', '@aws-sdk/lib-dynamodb'],
  ['steps/integrity/a.ts', '../errors.ts'],
  ['steps/integrity/b.ts', '../../cli/failure.ts'],
  ['steps/aws/a.ts', '../watch-alert.ts'],
  ['steps/aws/b.ts', '../refusals.ts'],
  ['steps/aws/c.ts', '../intake/starts.ts'],
  ['local/a.ts', '../steps/errors.ts'],
  ['local/cloudtrail/a.ts', '../../steps/integrity/public-keys.ts'],
  ['local/lambda/a.ts', '../../infra/names.ts'],
  ['local/lambda/b.ts', '../../cli/failure.ts'],
  ['cli/commands/a.ts', '../console/link.ts'],
  ['cli/commands/b.ts', '../console/pages/page.ts'],
  ['cli/console/a.ts', '../commands/sessions.ts'],
  ['cli/console/pages/a.ts', '../../commands/inspect.ts'],
  ['cli/console/pages/b.ts', '../../replay/config.ts'],
  ['cli/replay/a.ts', '../commands/target.ts'],
  ['cli/evidence/a.ts', '../console/app.ts'],
  ['cli/quarantine/a.ts', '../replay/outcome.ts'],
  ['cli/ocsf/a.ts', '../commands/export.ts'],
  ['cli/people/a.ts', '../commands/target.ts'],
  ['cli/integrity/a.ts', '../replay/digests.ts'],
  ['cli/backfill/a.ts', '../commands/target.ts'],
  ['cli/queries/a.ts', '../commands/target.ts'],
  ['cli/show/a.ts', '../replay/replayed.ts'],
  ['cli/text/a.ts', '../console/link.ts'],
  ['cli/lookup.ts', './replay/config.ts'],
  ['cli/standing.ts', './console/app.ts'],
] as const;

const allowed = [
  ['steps/cloudtrail/c.ts', './read.ts'],
  ['steps/cloudtrail/json/b.ts', '../read.ts'],
  ['steps/integrity/c.ts', '../linking/short-hash.ts'],
  ['steps/aws/d.ts', '../errors.ts'],
  ['steps/aws/e.ts', '@aws-sdk/client-s3'],
  ['local/stepfunctions/a.ts', '../contract.ts'],
  ['cli/commands/c.ts', '../console/server.ts'],
  ['cli/commands/d.ts', './console.ts'],
  ['cli/evidence/b.ts', '../../steps/cloudtrail/console.ts'],
] as const;

/** Files of a folder with the project's own rules that the rule complains of. One process for all: each takes its time. */
function complaints(rule: string, files: Iterable<readonly [string, string]>): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'roletrail-fences-'));
  try {
    copyFileSync(join(project, 'biome.json'), join(folder, 'biome.json'));
    for (const [path, from] of files) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), `import type { Some } from '${from}';\nexport type Own = Some;\n`);
    }
    const told = report(folder, rule);
    return [...new Set(told.diagnostics.map(({ location }) => location.path))].sort();
  } finally {
    rmSync(folder, { recursive: true });
  }
}

interface Report {
  diagnostics: { location: { path: string } }[];
}

function report(folder: string, rule: string): Report {
  const biome = join(project, 'node_modules', '@biomejs', 'biome', 'bin', 'biome');
  // The folder is no repository: with version control on, Biome would end without a word about imports.
  const options = ['--vcs-enabled=false', '--max-diagnostics=none', '--reporter=json', `--only=${rule}`];
  try {
    const out = execFileSync(process.execPath, [biome, 'lint', ...options, '.'], {
      cwd: folder,
      stdio: 'pipe',
    });
    return JSON.parse(out.toString()) as Report;
  } catch (error) {
    // It ends with 1 when it complains, and tells of what all the same.
    return JSON.parse(String((error as { stdout: Buffer }).stdout)) as Report;
  }
}

test('no room imports from above it or beside it', () => {
  const told = complaints('style/noRestrictedImports', [...forbidden, ...allowed]);
  expect(told).toEqual(forbidden.map(([path]) => path).sort());
});

test('no circle, not even of types', () => {
  const circle = [
    ['steps/a.ts', './b.ts'],
    ['steps/b.ts', './a.ts'],
    ['steps/c.ts', './a.ts'],
  ] as const;
  expect(complaints('suspicious/noImportCycles', circle)).toEqual(['steps/a.ts', 'steps/b.ts']);
});
