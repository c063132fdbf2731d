import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { configurationDocument } from '../../infra/reference/configuration.ts';
import { descriptions } from '../../infra/reference/descriptions.ts';

const project = join(import.meta.dirname, '..', '..');
const example = readFileSync(join(project, 'infra/roletrail.example.json'), 'utf8');

test('docs/configuration.md is what the schema says; otherwise run: npm run docs', () => {
  expect(readFileSync(join(project, 'docs/configuration.md'), 'utf8')).toBe(configurationDocument(example));
});

test.each([
  ['graceMinutes', 'a whole number of minutes from 0 to 1440', '`60`'],
  ['trailBucket.create', 'true or false', '`false`'],
  ['production.account', 'a 12-digit account id', '(required)'],
])('%s has its value and its default', (path, value, byDefault) => {
  const row = configurationDocument(example)
    .split('\n')
    .find(line => line.startsWith(`| \`${path}\` |`));
  expect(row).toContain(`| ${value} | ${byDefault} |`);
});

describe('a field and its description', () => {
  const { redelivered } = descriptions;
  afterEach(() => {
    delete descriptions.notThere;
    if (redelivered) descriptions.redelivered = redelivered;
  });

  test('a field without a description is refused by its path', () => {
    delete descriptions.redelivered;
    expect(() => configurationDocument(example)).toThrow('describe redelivered; remove nothing');
  });

  test('a description without a field is refused by its path', () => {
    descriptions.notThere = { means: 'nothing' };
    expect(() => configurationDocument(example)).toThrow('describe nothing more; remove notThere');
  });
});
