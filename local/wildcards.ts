const matchers = new Map<string, RegExp>();
const patternParts = new Map<string, string[]>();

/** Whether `value` matches a pattern with `*` (any run of characters, also none) and `?` (any one character). */
export function matchesWildcards(pattern: string, value: string): boolean {
  let matcher = matchers.get(pattern);
  if (!matcher) {
    const source = pattern.replace(/[\\^$.*+?()[\]{}|/]/g, character =>
      character === '*' ? '.*' : character === '?' ? '.' : `\\${character}`,
    );
    // u: one ? is one character, also outside the BMP; s: an object key may hold line breaks.
    matcher = new RegExp(`^${source}$`, 'su');
    matchers.set(pattern, matcher);
  }
  return matcher.test(value);
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
