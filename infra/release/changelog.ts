const unreleased = '## [Unreleased]';

/**
 * The changelog after a release: the entries below Unreleased move below `## [version] - date`.
 * `date`: `2026-11-29`. Throws when there is nothing to release, or the version is there already.
 */
export function release(changelog: string, version: string, date: string): string {
  const [before, rest] = changelog.split(`${unreleased}\n`);
  if (before === undefined || rest === undefined) throw new Error(`CHANGELOG.md: no line '${unreleased}'`);
  if (changelog.includes(`## [${version}]`)) throw new Error(`CHANGELOG.md: ${version} is there already`);
  const [changes = ''] = rest.split(/^## \[/m);
  if (!changes.trim()) throw new Error('CHANGELOG.md: nothing stands below Unreleased');
  return `${before}${unreleased}\n\n## [${version}] - ${date}\n${rest}`;
}
