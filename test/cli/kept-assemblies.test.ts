import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fingerprintOf, KeptAssemblies } from '../../cli/kept-assemblies.ts';
import { parseConfig } from '../../infra/config.ts';
import base from '../../samples/roletrail.json' with { type: 'json' };

const folder = mkdtempSync(join(tmpdir(), 'roletrail-kept-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('what was kept is taken as a copy of its own; of two that keep the same the second changes nothing', () => {
  // Given
  const made = join(folder, 'made');
  mkdirSync(join(made, 'functions'), { recursive: true });
  writeFileSync(join(made, 'template.json'), 'as synthesized');
  const store = join(folder, 'store');
  mkdirSync(store);
  const kept = new KeptAssemblies(store);
  const [one, two] = [join(folder, 'one'), join(folder, 'two')];
  // When
  const before = kept.take('a', one);
  kept.keep('a', made);
  kept.keep('a', made);
  const [first, other] = [kept.take('a', one), kept.take('b', join(folder, 'other'))];
  writeFileSync(join(one, 'template.json'), 'changed by a test');
  kept.take('a', two);
  // Then
  expect([before, first, other]).toEqual([false, true, false]);
  expect(readFileSync(join(two, 'template.json'), 'utf8')).toBe('as synthesized');
  expect(existsSync(join(two, 'functions'))).toBe(false);
  expect(readdirSync(store)).toEqual(['a']);
});

test('without a folder nothing is kept', () => {
  const kept = new KeptAssemblies('');
  kept.keep('a', folder);
  expect(kept.take('a', join(folder, 'three'))).toBe(false);
});

test('another configuration has another fingerprint', () => {
  const config = parseConfig(base, 'samples');
  expect(fingerprintOf({ ...config, auditedRoles: ['*'] })).not.toBe(fingerprintOf(config));
  expect(fingerprintOf({ ...config })).toBe(fingerprintOf(config));
});
