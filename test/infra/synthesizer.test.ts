import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { compileCache } from '../../cli/project.ts';
import { temporaryFolder } from '../local/assembly-fixture.ts';
import { ask } from '../synthesizer/ask.ts';
import { configWith } from './assembly.ts';

const folder = temporaryFolder();
const config = configWith();
const logNames = 'trail';

function filesOf(assembly: string): Record<string, string> {
  const all = readdirSync(assembly, { recursive: true, withFileTypes: true });
  // Metadata tells the lines of code that asked for each resource: they are another process's, and nothing runs by them.
  const files = all.filter(each => each.isFile() && !each.name.endsWith('.metadata.json'));
  const paths = files.map(each => join(each.parentPath, each.name)).sort();
  return Object.fromEntries(paths.map(path => [path.slice(assembly.length), readFileSync(path, 'latin1')]));
}

test('what one process writes for all tests is, to the byte, what a process of its own writes', async () => {
  // Given: the one has written this configuration and another one before, to the same folder
  const assembly = join(folder, 'shared');
  for (const before of [config, configWith({ auditedRoles: ['*'] })]) {
    await ask({ kind: 'whole', config: before, assembly, logNames });
    rmSync(assembly, { recursive: true });
  }
  // When
  await ask({ kind: 'whole', config, assembly, logNames });
  // Then
  const own = join(folder, 'own');
  const { status } = spawnSync(process.execPath, [join('cli', 'deployment', 'synthesis.ts')], {
    input: JSON.stringify({ config, assembly: own, logNames }),
    env: { ...process.env, NODE_COMPILE_CACHE: compileCache },
  });
  expect(status).toBe(0);
  const wanted = filesOf(own);
  expect(Object.keys(wanted).filter(path => /^\/asset\..*\/index\.js$/.test(path)).length).toBeGreaterThan(5);
  const found = filesOf(assembly);
  expect(Object.keys(found)).toEqual(Object.keys(wanted));
  expect(Object.keys(found).filter(path => found[path] !== wanted[path])).toEqual([]);
});

test('a synthesis that fails is told of in its words', async () => {
  const unwritable = join(folder, 'file');
  await expect(
    ask({
      kind: 'templates',
      config: { ...config, partners: undefined } as never,
      assembly: unwritable,
      logNames,
    }),
  ).rejects.toThrow(/partners|undefined/);
});
