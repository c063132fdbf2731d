const matchers = new Map<string, RegExp>();
const patternParts = new Map<string, string[]>();

/** Whether `value` matches a pattern with `*` (any run of characters, also none) and `?` (any one character). */
export function matchesWildcards(pattern: string, value: string): boolean {
  let matcher = matchers.get(pattern);
  if (!matcher) {
    const source = literal(pattern).replaceAll('\\*', '.*').replaceAll('\\?', '.');
    // u: one ? is one character, also outside the BMP; s: an object key may hold line breaks.
    matcher = new RegExp(`^${source}$`, 'su');
    matchers.set(pattern, matcher);
  }
  return matcher.test(value);
}

/** The wildcards of an EventBridge pattern: `*` for any run of characters; a backslash takes a `*` or `\\` as it is. */
export function eventWildcards(pattern: string): (value: string) => boolean {
  const parts = pattern
    .split(/(\\.|\*)/)
    .map(part => (part === '*' ? '.*' : literal(part.replace(/^\\(.)$/, '$1'))));
  const matcher = new RegExp(`^${parts.join('')}$`, 's');
  return value => matcher.test(value);
}

function literal(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}

/**
 * Whether an ARN matches a pattern, each of its six colon-separated parts by itself (IAM guide, "ARN condition
 * operators"), so that no wildcard reaches over an account or a region. `*` alone matches everything.
 */
export function matchesArn(pattern: string, arn: string): boolean {
  if (pattern === '*') return true;
  let patterns = patternParts.get(pattern);
  if (!patterns) {
    patterns = arnParts(pattern);
    patternParts.set(pattern, patterns);
  }
  const parts = arnParts(arn);
  return (
    parts.length === patterns.length &&
    patterns.every((part, i) => part === parts[i] || matchesWildcards(part, parts[i] ?? ''))
  );
}

/** partition, service, region, account and resource, with `arn` in front; fewer than six parts: no ARN. */
export function arnParts(arn: string): string[] {
  const parts = arn.split(':');
  return [...parts.slice(0, 5), ...(parts.length > 5 ? [parts.slice(5).join(':')] : [])];
}
