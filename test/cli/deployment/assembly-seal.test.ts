import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isSealed, sealOf } from '../../../cli/deployment/assembly-seal.ts';
import { openState } from '../../../cli/deployment/local-cloud.ts';

let folder: string;
let assembly: string;
const { XDG_STATE_HOME: before } = process.env;
const atHome = (name: string) => {
  process.env.XDG_STATE_HOME = join(folder, name);
};

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'roletrail-seal-'));
  atHome('home');
  assembly = join(folder, 'cdk.out');
  mkdirSync(join(assembly, 'asset.1'), { recursive: true });
  writeFileSync(join(assembly, 'stack.template.json'), '{}');
  writeFileSync(join(assembly, 'asset.1', 'index.js'), 'exports.handler = async () => 1;');
});
afterEach(() => {
  if (before === undefined) delete process.env.XDG_STATE_HOME;
  else process.env.XDG_STATE_HOME = before;
  rmSync(folder, { recursive: true });
});

const sealed = () => `${sealOf(assembly)}`;

test('what was sealed is known again, and wherever it is moved', () => {
  const seal = sealed();
  cpSync(assembly, join(folder, 'moved'), { recursive: true });

  expect(isSealed(assembly, seal)).toBe(true);
  expect(isSealed(join(folder, 'moved'), seal)).toBe(true);
});

test.each<[string, () => void]>([
  [
    'a byte of a function',
    () => writeFileSync(join(assembly, 'asset.1', 'index.js'), 'exports.handler = async () => 2;'),
  ],
  ['a file more', () => writeFileSync(join(assembly, 'asset.1', 'other.js'), '')],
  ['a file less', () => rmSync(join(assembly, 'stack.template.json'))],
  ['another name', () => cpSync(join(assembly, 'asset.1'), join(assembly, 'asset.2'), { recursive: true })],
  ['a link', () => symlinkSync('/etc/hosts', join(assembly, 'asset.1', 'package.json'))],
  ['a link in the place of a folder', () => symlinkSync('/etc', join(assembly, 'asset.0'))],
])('%s is seen', (_, change) => {
  const seal = sealed();
  change();
  expect(isSealed(assembly, seal)).toBe(false);
});

test('nobody else’s seal is taken, nor none', () => {
  const seal = sealed();
  atHome('of somebody else');

  for (const other of [seal, '', 'undefined']) expect(isSealed(assembly, other)).toBe(false);
});

test('the key is for its user alone, and each user has another', () => {
  const seal = sealed();
  const key = join(folder, 'home', 'roletrail', 'key');
  expect([statSync(key).mode & 0o777, statSync(join(key, '..')).mode & 0o777]).toEqual([0o600, 0o700]);
  expect(sealed()).toBe(seal);
  atHome('of somebody else');
  expect(sealed()).not.toBe(seal);
});

test('where no key can be kept, nothing is asked for', () => {
  writeFileSync(join(folder, 'file'), '');
  atHome('file');

  expect(sealOf(assembly)).toBeNull();
  expect(isSealed(assembly, '')).toBe(true);
});

test.each(['', ' ', 'fingerprint', `fingerprint ${'0'.repeat(64)}`])(
  'the code of a planted state folder is not run, whatever its mark says: %j',
  async mark => {
    const planted = join(folder, 'planted');
    mkdirSync(planted, { mode: 0o700 });
    const trace = join(folder, 'ran');
    const code = `require('node:fs').writeFileSync(${JSON.stringify(trace)}, '')`;
    writeFileSync(join(assembly, 'asset.1', 'index.js'), code);
    cpSync(assembly, join(planted, 'cdk.out'), { recursive: true });
    writeFileSync(join(planted, 'synthesized'), mark);

    await expect(openState(planted)).rejects.toMatchObject({
      name: 'CliError',
      message: expect.stringContaining(`${planted} holds code that was not synthesized here`),
    });
    expect(existsSync(trace)).toBe(false);
  },
);
