import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BundleError, bundleHandlers } from '../../infra/bundle.ts';
import { functionNames } from '../../infra/function-code.ts';

let folder: string;
let steps: string;

beforeEach(() => {
  // Given: handlers that share a module, in a project of ES modules
  folder = mkdtempSync(join(tmpdir(), 'roletrail-bundle-'));
  steps = join(folder, 'steps');
  mkdirSync(steps);
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  writeFileSync(join(steps, 'shared.ts'), 'export class OddRecord extends Error {}\n');
  for (const name of functionNames) {
    const lines = [
      "import { OddRecord } from './shared.ts';",
      `export const handler = async (): Promise<string[]> => ['${name}', OddRecord.name];`,
    ];
    writeFileSync(join(steps, `${name}.ts`), lines.join('\n'));
  }
});

afterEach(() => rmSync(folder, { recursive: true }));

test('each function gets a folder that Node loads as CommonJS, class names kept', async () => {
  // When
  const folders = bundleHandlers(join(folder, 'out'), steps);
  // Then
  expect(Object.keys(folders)).toEqual(functionNames);
  for (const name of functionNames) {
    const load = createRequire(join(folder, 'anything.js'));
    const { handler } = load(join(folders[name], 'index.js')) as { handler: () => Promise<string[]> };
    expect(await handler()).toEqual([name, 'OddRecord']);
  }
});

test('each has a source map that names the step', () => {
  // When
  const { fetch } = bundleHandlers(join(folder, 'out'), steps);
  // Then
  const { sources } = JSON.parse(readFileSync(join(fetch, 'index.js.map'), 'utf8')) as { sources: string[] };
  expect(sources.map(source => source.replace(/^[./]+/, '')).sort()).toEqual([
    'steps/fetch.ts',
    'steps/shared.ts',
  ]);
  expect(readFileSync(join(fetch, 'index.js'), 'utf8')).toContain('//# sourceMappingURL=index.js.map');
});

test('the bytes do not depend on where they are written', () => {
  // When
  const here = bundleHandlers(join(folder, 'out'), steps);
  const there = bundleHandlers(join(folder, 'some', 'where', 'else'), steps);
  // Then
  for (const name of functionNames) {
    for (const file of ['index.js', 'index.js.map']) {
      expect(readFileSync(join(there[name], file))).toEqual(readFileSync(join(here[name], file)));
    }
  }
});

test('a handler that is missing is named', () => {
  // Given
  rmSync(join(steps, 'persist.ts'));
  // When
  const bundle = () => bundleHandlers(join(folder, 'out'), steps);
  // Then
  expect(bundle).toThrow(BundleError);
  expect(bundle).toThrow(/steps\/persist\.ts is missing: the function persist/);
});

test('a handler that is broken is named, with the place', () => {
  // Given
  writeFileSync(join(steps, 'filter.ts'), 'export const handler = ;\n');
  // When
  const bundle = () => bundleHandlers(join(folder, 'out'), steps);
  // Then
  expect(bundle).toThrow(BundleError);
  expect(bundle).toThrow(/steps\/filter\.ts:1:23/);
});
