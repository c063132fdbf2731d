import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isPermissive, type Lock, runtimePackages } from '../../../infra/licences/runtime-packages.ts';

const project = join(import.meta.dirname, '..', '..', '..');
const read = (name: string) => JSON.parse(readFileSync(join(project, name), 'utf8'));
const installed = runtimePackages(read('package-lock.json') as Lock);
type Manifest = Record<string, Record<string, string>>;
const root = read('package.json') as Manifest;
const local = read('local/package.json') as Manifest;
const { '@roletrail/local': ours, ...others } = root.dependencies ?? {};
/** What comes from elsewhere, of the project and of its workspace. */
const dependencies: Record<string, string> = { ...others, ...local.dependencies };
const { scripts } = root;

test('every dependency is pinned to one version', () => {
  const all = [root, local].flatMap(({ dependencies, devDependencies, optionalDependencies }) =>
    Object.entries({ ...dependencies, ...devDependencies, ...optionalDependencies }),
  );
  expect(all.length).toBeGreaterThan(20);
  expect(all.filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([]);
});

test('what both depend on they have in one version', () => {
  const both = Object.entries(local.dependencies ?? {}).filter(([name]) => name in others);
  expect(both.length).toBeGreaterThan(0);
  expect(both.filter(([name, version]) => others[name] !== version)).toEqual([]);
  expect(ours).toBe((read('local/package.json') as { version: string }).version);
});

test('every archive that is installed to run is held to its hash', () => {
  expect(installed.filter(each => !each.bundled && !each.integrity?.startsWith('sha512-'))).toEqual([]);
});

test('there are few packages to trust', () => {
  expect(Object.keys(dependencies).length).toBeLessThanOrEqual(26);
  expect(installed.length).toBeLessThanOrEqual(120);
});

test('their licences are permissive', () => {
  expect(installed.length).toBeGreaterThan(50);
  expect(installed.filter(({ licence }) => !isPermissive(licence))).toEqual([]);
});

test.each([
  ['MIT', true],
  ['(MIT OR GPL-3.0-or-later)', true],
  ['MIT AND Apache-2.0', true],
  ['MIT AND GPL-3.0-or-later', false],
  ['AGPL-3.0-only', false],
  ['SEE LICENSE IN LICENSE.txt', false],
  ['MIT AND (ISC OR GPL-2.0-only)', false],
  [null, false],
])('the licence %s: permissive %s', (expression, expected) => {
  expect(isPermissive(expression)).toBe(expected);
});

test('npm run licences lists them, npm run sbom tells them in CycloneDX', () => {
  // When
  const list = execFileSync(process.execPath, ['infra/licences/licences.ts'], {
    cwd: project,
    encoding: 'utf8',
  });
  const [command = '', ...words] = (scripts?.sbom ?? '').split(' ');
  const bill = JSON.parse(
    execFileSync(command, words, { cwd: project, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }),
  );
  // Then
  expect(list).toContain(`commander@${dependencies.commander} MIT\n`);
  expect(bill.bomFormat).toBe('CycloneDX');
  const told = new Set(
    bill.components.map(
      ({ group, name, version }: Record<string, string>) => `${group ? `${group}/` : ''}${name}@${version}`,
    ),
  );
  // With `--omit dev` npm leaves out what a development package needs, too: aws-cdk-lib and others we run.
  for (const [name, version] of Object.entries(dependencies)) expect(told).toContain(`${name}@${version}`);
});
