import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigError, parseConfig, readConfig } from '../../infra/config.ts';
import example from '../../infra/roletrail.example.json' with { type: 'json' };
import type { RoletrailConfig } from '../../infra/roletrail-config.ts';
import cases from './config.cases.json' with { type: 'json' };

interface Case {
  name: string;
  config?: object;
  without?: string;
  value?: unknown;
  error: string | null;
}

function problemsOf(config: unknown): readonly string[] {
  try {
    parseConfig(config);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

test.each(cases as Case[])('$name', ({ config, without, value, error }) => {
  // Given
  const whole: Record<string, unknown> = { ...example, ...config };
  if (without) delete whole[without];
  // When
  const problems = problemsOf(value ?? whole);
  // Then
  expect(problems).toEqual(error === null ? [] : [error]);
});

test('each of several wrong values gets its own sentence', () => {
  // Given
  const config = { ...example, redelivered: 'fast', batch: { size: 0, windowSeconds: 0 } };
  // When
  const parse = () => parseConfig(config, 'roletrail.json');
  // Then
  expect(parse).toThrow(
    "roletrail.json: batch.size: 0 is not a whole number of messages from 1 to 10000\nroletrail.json: redelivered: 'fast' is not 'skip' or 'process'",
  );
});

test.each([
  ['200 role names of 50 letters', { auditedRoles: names(200, 50) }],
  ['100 partners in 3 regions', { partners: partners(100, ['us-east-1', 'eu-west-1', 'us-west-2']) }],
  ['250 accounts of the trail', { trailAccounts: partners(250).map(({ account }) => account) }],
])('%s are taken: no function’s environment holds them', (_, change: Partial<RoletrailConfig>) => {
  expect(problemsOf({ ...example, ...change })).toEqual([]);
});

test('more roles than the outputs of a stack can tell are refused', () => {
  expect(problemsOf({ ...example, auditedRoles: names(1_600, 60) })).toEqual([
    expect.stringMatching(
      /^auditedRoles: take 1\d{5} bytes; the stack's outputs, which contain them, have room for 80000$/,
    ),
  ]);
});

test('no sentence advises every role', () => {
  const advice = (cases as Case[])
    .filter(({ error }) => error && /(use|take|name|fewer,? or|, or) '\*'/.test(error))
    .map(({ error }) => error);
  expect(advice).toEqual([]);
});

describe('the file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'roletrail-config-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  test('is the one that was named', () => {
    // Given
    const file = join(folder, 'mine.json');
    writeFileSync(file, JSON.stringify({ ...example, graceMinutes: 7 }));
    // When
    const config = readConfig(file);
    // Then
    expect(config.graceMinutes).toBe(7);
  });

  test('that is not there is named', () => {
    expect(() => readConfig(join(folder, 'none.json'))).toThrow(
      `${join(folder, 'none.json')}: the file does not exist`,
    );
  });

  test('that is not JSON is named', () => {
    // Given
    const file = join(folder, 'broken.json');
    writeFileSync(file, '{ "production": ');
    // When
    const read = () => readConfig(file);
    // Then
    expect(read).toThrow(ConfigError);
    expect(read).toThrow(`${file}: the file is not JSON`);
  });
});

function names(count: number, length: number): string[] {
  return Array.from({ length: count }, (_, index) => `${index}`.padStart(length, 'r').slice(0, length));
}

function partners(count: number, regions = ['us-east-1']): RoletrailConfig['partners'] {
  return Array.from({ length: count }, (_, index) => ({
    account: String(200_000_000_000 + index),
    regions,
  }));
}
