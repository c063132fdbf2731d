import { existsSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import type { Command } from 'commander';
import { buildProgram } from '../../cli/program.ts';
import { release } from '../../infra/release/changelog.ts';
import { anchorsOf, markdownFiles, project, relativeLinks, roletrailCommands, textOf } from './markdown.ts';

const files = markdownFiles();

test('the README has at most 900 words', () => {
  expect(textOf('README.md').trim().split(/\s+/).length).toBeLessThanOrEqual(900);
});

test.each(files)('%s: every relative link leads somewhere', file => {
  const broken = relativeLinks(textOf(file)).filter(link => {
    const [path = '', anchor] = link.split('#');
    const target = path === '' ? file : normalize(join(dirname(file), path));
    if (!existsSync(join(project, target))) return true;
    return anchor !== undefined && target.endsWith('.md') && !anchorsOf(textOf(target)).has(anchor);
  });
  expect(broken).toEqual([]);
});

let program: Command;

beforeAll(async () => {
  program = await buildProgram(
    async () => {},
    () => {},
  );
});

test('every roletrail command and option in the documentation exists', () => {
  const unknown = files.flatMap(file =>
    roletrailCommands(textOf(file)).flatMap(words => problemsOf(words).map(each => `${file}: ${each}`)),
  );
  expect(unknown).toEqual([]);
});

/** What a command line names that the program does not know. */
function problemsOf(words: readonly string[]): string[] {
  let command = program;
  for (const word of words) {
    const next = command.commands.find(each => each.name() === word);
    if (!next && command.commands.length > 0) return [`roletrail ${words.join(' ')}`];
    if (!next) break;
    command = next;
    if (command.commands.length === 0) break;
  }
  const known = new Set([...command.options.map(option => option.long), '--help']);
  return words
    .filter(word => word.startsWith('--') && !known.has(word))
    .map(word => `${command.name()} ${word}`);
}

test.each([
  ['roletrail nonsense', ['roletrail nonsense']],
  ['roletrail who X --nonsense', ['who --nonsense']],
  ['npx roletrail quarantine retry --all', []],
])('%s: %j', (line, problems) => {
  expect(roletrailCommands(`\`${line}\``).flatMap(words => problemsOf(words))).toEqual(problems);
});

test.each(['production.account', 'partners[].regions'])('%s: an anchor keeps letters and digits', heading => {
  expect(anchorsOf(`# ${heading}`)).toEqual(new Set([heading.replace(/[.[\]]/g, '')]));
});

test('a folder that the architecture page names exists', () => {
  const rows = textOf('docs/architecture.md').match(/^\| (`[a-z/]+\/`(, )?)+ \|/gm) ?? [];
  const folders = rows.flatMap(row => [...row.matchAll(/`([a-z/]+)`/g)].map(([, folder = '']) => folder));
  expect(folders.length).toBeGreaterThan(20);
  expect(folders.filter(folder => !existsSync(join(project, folder)))).toEqual([]);
});

describe('a release', () => {
  const changelog = '# Changelog\n\n## [Unreleased]\n\n- new\n\n## [0.1.0] - 2026-11-26\n\n- old\n';

  test('moves what is unreleased below the version', () => {
    expect(release(changelog, '0.2.0', '2026-12-01')).toBe(
      '# Changelog\n\n## [Unreleased]\n\n## [0.2.0] - 2026-12-01\n\n- new\n\n## [0.1.0] - 2026-11-26\n\n- old\n',
    );
  });

  test.each([
    ['of nothing', changelog.replace('- new\n\n', ''), '0.2.0', 'nothing stands below Unreleased'],
    ['that is there already', changelog, '0.1.0', '0.1.0 is there already'],
    ['without the line', changelog.replace('[Unreleased]', 'Next'), '0.2.0', "no line '## [Unreleased]'"],
  ])('%s is refused', (_, text, version, message) => {
    expect(() => release(text, version, '2026-12-01')).toThrow(message);
  });
});
