import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const project = join(import.meta.dirname, '..', '..');

const forbidden = [
  ['core/records/a.ts', '../linking/chain.ts'],
  ['core/records/b.ts', '@aws-sdk/client-s3'],
  ['core/records/c.ts', 'node:fs'],
  ['core/identities/a.ts', '../linking/chain.ts'],
  ['core/reading/a.ts', '../../steps/transport/payloads.ts'],
  ['core/reading/json/a.ts', '../../../steps/transport/payloads.ts'],
  ['core/linking/a.ts', '../../steps/store/evidence-item.ts'],
  ['core/linking/b.ts', '@aws-sdk/lib-dynamodb'],
  ['core/linking/c.ts', '../reading/scan.ts'],
  ['core/digests/a.ts', '../../steps/runtime/errors.ts'],
  ['core/digests/b.ts', '../../cli/failure.ts'],
  ['core/coverage/a.ts', '../../steps/store/ledger-table.ts'],
  ['steps/a.ts', '../cli/failure.ts'],
  ['steps/intake/a.ts', '../../infra/names.ts'],
  ['steps/store/a.ts', '../watch/alert.ts'],
  ['steps/store/b.ts', '../watch.ts'],
  ['steps/store/c.ts', '../intake/starts.ts'],
  ['steps/transport/a.ts', '../fetch.ts'],
  ['steps/runtime/a.ts', '../intake/starts.ts'],
  ['infra/a.ts', '../cli/failure.ts'],
  ['local/a.ts', '../steps/runtime/errors.ts'],
  ['local/b.ts', '../core/records/read.ts'],
  ['local/c.ts', '@roletrail/local'],
  ['local/services/cloudtrail/a.ts', '../../../core/digests/public-keys.ts'],
  ['local/services/lambda/a.ts', '../../../infra/names.ts'],
  ['local/services/lambda/b.ts', '../../../cli/failure.ts'],
  ['core/linking/e.ts', '@roletrail/local'],
  ['core/records/d.ts', '@roletrail/local/deployment'],
  ['steps/g.ts', '@roletrail/local'],
  ['steps/store/g.ts', '@roletrail/local'],
  ['infra/b.ts', '@roletrail/local/deployment'],
  ['cli/front-door/a.ts', '../replay/input.ts'],
  ['cli/main.ts', '../local/index.ts'],
  ['cli/commands/e.ts', '../../local/state/lock.ts'],
  ['cli/replay/b.ts', '../../local/cloud/compose.ts'],
  ['cli/queries/b.ts', '../../local/contract.ts'],
  ['cli/views/console/c.ts', '../../../local/contract.ts'],
  ['bench/a.ts', '../local/cloud/compose.ts'],
  ['test/replay/a.ts', '../../local/cloud/compose.ts'],
  ['cli/commands/a.ts', '../views/console/link.ts'],
  ['cli/commands/b.ts', '../views/console/pages/page.ts'],
  ['cli/commands/e-2.ts', '../../steps/store/names-table.ts'],
  ['cli/commands/f.ts', '@aws-sdk/client-sfn'],
  ['cli/views/console/a.ts', '../../commands/sessions.ts'],
  ['cli/views/console/pages/a.ts', '../../../commands/inspect.ts'],
  ['cli/views/console/pages/b.ts', '../../../replay/config.ts'],
  ['cli/views/console/pages/c.ts', '@aws-sdk/client-s3'],
  ['cli/views/console/pages/d.ts', '../../../../steps/store/tables.ts'],
  ['cli/views/console/parts/a.ts', '../../../deployment/deployment.ts'],
  ['cli/views/console/parts/b.ts', '../../../quarantine/send-again.ts'],
  ['cli/views/terminal/b.ts', '../../../steps/store/evidence-item.ts'],
  ['cli/evidence/c.ts', '../../steps/store/digest-bucket.ts'],
  ['cli/evidence/d.ts', '@aws-sdk/client-s3'],
  ['cli/evidence/e.ts', '../deployment/deployment.ts'],
  ['cli/exports/ocsf/b.ts', '../../../steps/store/evidence-table.ts'],
  ['cli/queries/b-2.ts', '@aws-sdk/client-dynamodb'],
  ['cli/queries/c.ts', '../../steps/store/ledger-table.ts'],
  ['cli/queries/d.ts', '../deployment/deployment.ts'],
  ['cli/s3/a.ts', '../commands/trace.ts'],
  ['cli/trace/a.ts', '@aws-sdk/client-s3'],
  ['cli/trace/b.ts', '@roletrail/local'],
  ['cli/trace/state/c.ts', '../../../steps/store/tables.ts'],
  ['cli/report/a.ts', '../deployment/deployment.ts'],
  ['cli/replay/a.ts', '../commands/target.ts'],
  ['cli/evidence/a.ts', '../views/console/app.ts'],
  ['cli/quarantine/a.ts', '../replay/outcome.ts'],
  ['cli/exports/ocsf/a.ts', '../../commands/export.ts'],
  ['cli/people/a.ts', '../commands/target.ts'],
  ['cli/integrity/a.ts', '../replay/digests.ts'],
  ['cli/backfill/a.ts', '../commands/target.ts'],
  ['cli/deployment/a.ts', '../replay/config.ts'],
  ['cli/queries/a.ts', '../commands/target.ts'],
  ['cli/views/terminal/a.ts', '../../replay/replayed.ts'],
  ['cli/views/text/a.ts', '../console/link.ts'],
  ['cli/context.ts', './views/console/app.ts'],
] as const;

const allowed = [
  ['core/reading/c.ts', '../records/read.ts'],
  ['core/reading/json/b.ts', '../../records/read.ts'],
  ['core/digests/c.ts', '../hash.ts'],
  ['core/linking/d.ts', '../identities/roles.ts'],
  ['steps/b.ts', './store/tables.ts'],
  ['steps/store/d.ts', '../runtime/errors.ts'],
  ['steps/store/e.ts', '@aws-sdk/client-s3'],
  ['steps/store/f.ts', '../../core/linking/facts.ts'],
  ['local/services/stepfunctions/a.ts', '../../payloads.ts'],
  ['local/cloud/a.ts', '../services/sqs/store.ts'],
  ['cli/commands/f-2.ts', '@roletrail/local'],
  ['cli/queries/c-2.ts', '@roletrail/local/deployment'],
  ['cli/replay/c.ts', './local.ts'],
  ['cli/commands/g.ts', '../replay/local.ts'],
  ['bench/b.ts', '@roletrail/local/compose'],
  ['test/local/services/a.ts', '../../../local/services/sqs/store.ts'],
  ['test/steps/a.ts', '../local/dynamodb-fixture.ts'],
  ['cli/commands/c.ts', '../views/console/server.ts'],
  ['cli/commands/d.ts', './console.ts'],
  ['cli/commands/g-2.ts', '../deployment/deployment.ts'],
  ['cli/evidence/b.ts', '../../core/identities/console.ts'],
  ['cli/evidence/f.ts', '../queries/store.ts'],
  ['cli/deployment/b.ts', '../../steps/store/sessions-table.ts'],
  ['cli/deployment/c.ts', '@aws-sdk/client-s3'],
  ['cli/queries/e.ts', './quarantine-store.ts'],
  ['cli/views/console/pages/e.ts', './quarantine.ts'],
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
  // The folder is not a repository: with version control on, Biome would end without a word about imports.
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
