// Cc: C0, DEL and C1 with ESC among them. Cf: bidi overrides and isolates (UAX #9), zero-width characters, the byte
// order mark. Zl and Zp break lines.
export const harmful = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/**
 * Text of a log made safe to print and to mail: who wrote the log may have put in escape sequences, line breaks or direction
 * overrides to forge what the reader sees. Each such character becomes a visible `\u{..}`.
 */
export function clean(text: string): string {
  return text.replace(harmful, character => `\\u{${character.codePointAt(0)?.toString(16)}}`);
}
