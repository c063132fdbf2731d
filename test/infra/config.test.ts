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
  ['roles', { auditedRoles: names(50, 50) }, true],
  ['roles', { auditedRoles: names(70, 50) }, false],
  ['partners', { partners: partners(40) }, true],
  ['partners', { partners: partners(60) }, false],
  ['accounts', { trailAccounts: partners(150).map(({ account }) => account) }, true],
  ['accounts', { trailAccounts: partners(250).map(({ account }) => account) }, false],
  [
    'accounts beside roles',
    { auditedRoles: names(50, 50), trailAccounts: partners(40).map(each => each.account) },
    false,
  ],
])('%s must fit a function’s environment', (_, change: Partial<RoletrailConfig>, fits) => {
  // Given: a Lambda function's variables together take at most 4,096 bytes
  const config = { ...example, ...change };
  // When
  const problems = problemsOf(config);
  // Then
  expect(problems).toEqual(
    fits
      ? []
      : [expect.stringMatching(/take \d{4} bytes of a Lambda function's environment, which has room for/)],
  );
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
      `${join(folder, 'none.json')}: there is no such file`,
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

function partners(count: number): RoletrailConfig['partners'] {
  return Array.from({ length: count }, (_, index) => ({
    account: String(200_000_000_000 + index),
    regions: ['us-east-1'],
  }));
}
