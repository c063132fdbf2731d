// Cc: C0, DEL and C1 with ESC among them. Cf: bidi overrides and isolates (UAX #9), zero-width characters, the byte
// order mark. Zl and Zp break lines. Written out (Unicode 17): by property, an evidence bundle's bytes would differ by the
// Unicode version of whose Node writes it.
export const harmful = new RegExp(
  `[${[
    '\\u{0}-\\u{1f}\\u{7f}-\\u{9f}\\u{2028}\\u{2029}',
    '\\u{ad}\\u{600}-\\u{605}\\u{61c}\\u{6dd}\\u{70f}\\u{890}\\u{891}\\u{8e2}\\u{180e}\\u{200b}-\\u{200f}\\u{202a}-\\u{202e}',
    '\\u{2060}-\\u{2064}\\u{2066}-\\u{206f}\\u{feff}\\u{fff9}-\\u{fffb}\\u{110bd}\\u{110cd}\\u{13430}-\\u{1343f}',
    '\\u{1bca0}-\\u{1bca3}\\u{1d173}-\\u{1d17a}\\u{e0001}\\u{e0020}-\\u{e007f}',
  ].join('')}]`,
  'gu',
);

/**
 * Text of a log made safe to print and to mail: who wrote the log may have put in escape sequences, line breaks or direction
 * overrides to forge what the reader sees. Each such character becomes a visible `\u{..}`.
 */
export function clean(text: string): string {
  return text.replace(harmful, character => `\\u{${character.codePointAt(0)?.toString(16)}}`);
}
