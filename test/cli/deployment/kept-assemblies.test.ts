import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fingerprintOf, KeptAssemblies } from '../../../cli/deployment/kept-assemblies.ts';
import { parseConfig } from '../../../infra/config.ts';
import base from '../../../samples/roletrail.json' with { type: 'json' };

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

test('more than are to be kept: what was not asked for longest goes', () => {
  const store = join(folder, 'few');
  const kept = new KeptAssemblies(store, 2);
  const made = join(folder, 'made');
  const at = (name: string, seconds: number) => utimesSync(join(store, name), seconds, seconds);
  kept.keep('a', made);
  at('a', 100);
  kept.keep('b', made);
  at('b', 200);
  kept.take('a', join(folder, 'again'));
  kept.keep('c', made);
  expect(readdirSync(store).sort()).toEqual(['a', 'c']);
});

test('a folder that cannot be made keeps nothing, and that is all', () => {
  const kept = new KeptAssemblies('/sys/roletrail');
  kept.keep('a', join(folder, 'made'));
  expect(kept.take('a', join(folder, 'three'))).toBe(false);
});

test('another configuration has another fingerprint', () => {
  const config = parseConfig(base, 'samples');
  const fingerprint = fingerprintOf(config, 'trail');
  expect(fingerprintOf({ ...config, auditedRoles: ['*'] }, 'trail')).not.toBe(fingerprint);
  expect(fingerprintOf(config, 'any')).not.toBe(fingerprint);
  expect(fingerprintOf({ ...config }, 'trail')).toBe(fingerprint);
});
