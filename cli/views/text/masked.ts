import { prettyJson, safeJson } from './clean.ts';

/**
 * Names whose value is what lets somebody in, or a part of it: the third of temporary credentials (STS API reference, `Credentials`), the same in
 * a request (IAM guide, `X-Amz-Security-Token`), and what a browser is signed in with (IAM guide, custom identity broker,
 * `SigninToken`). In any case of letters.
 */
const names = 'session_?token|security_?token|x-amz-security-token|signin_?token';

// In a text within a text, each quote has as many backslashes before it as at the name's beginning. One that is not closed was
// cut off, and is masked to the end. Without the look-behind, a long run of backslashes would be read again from each.
const inJson = new RegExp(
  `(?<!\\\\)(\\\\*)"(${names})\\1"(\\s*:\\s*)\\1"(?:[^"\\\\]|\\\\[^])*?(\\1"|(?=")|\\\\?$)`,
  'gi',
);
const inAddress = new RegExp(`\\b(${names})(=|%3d)[^&\\s"'<>\\\\]+`, 'gi');

/** A text of a log, JSON or not, with every session token in it replaced by `(masked)`. Everything else stays to the letter. */
export function maskTokens(text: string): string {
  return text.replace(inJson, '$1"$2$1"$3$1"(masked)$4').replace(inAddress, '$1$2(masked)');
}

/** JSON of a log's content for a reader, on the screen or by `--json`: see {@link safeJson}; session tokens are masked. */
export function shownJson(value: unknown, indent?: number): string {
  return maskTokens(safeJson(value, indent));
}

/** A record's JSON as it was delivered, laid out over lines, its session tokens masked. */
export function prettyRecord(json: string): string {
  return maskTokens(prettyJson(json).replace(fieldName, plainIfSecret));
}

/** A field's name; one of ours may be written with escapes: `"session\u0054oken":`. */
const fieldName = /"(?:[^"\\]|\\.)*"(?=\s*:)/gs;
const longestName = 200;
const secret = new RegExp(`^(?:${names})$`, 'i');

function plainIfSecret(name: string): string {
  if (name.length > longestName || !name.includes('\\u')) return name;
  try {
    const plain = String(JSON.parse(name));
    return secret.test(plain) ? JSON.stringify(plain) : name;
  } catch {
    // Half an escape is not a name that a JSON reader would take for one.
    return name;
  }
}
