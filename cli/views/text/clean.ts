import { clean, harmful } from '../../../core/records/clean.ts';
import { laidOut } from './json-layout.ts';

export { clean };

/** Like {@link clean}, for text of several lines that we laid out ourselves (pretty JSON): line feeds stay. */
export function cleanLines(text: string): string {
  return text.split('\n').map(clean).join('\n');
}

/**
 * JSON for `--json`: the same value, with the characters that {@link clean} would show as `\uXXXX` escapes, which any
 * JSON reader turns back into what the log had.
 */
export function safeJson(value: unknown, indent?: number): string {
  return escapeJson(JSON.stringify(value, null, indent));
}

/** JSON as it was delivered, token by token, laid out over lines; as it is where it is nested too deep for that. */
export function prettyJson(json: string): string {
  return escapeJson(laidOut(json));
}

/** A JSON text with every harmful character in its strings written as an escape. Line feeds of the layout stay. */
export function escapeJson(json: string): string {
  return json.replace(harmful, character =>
    character === '\n'
      ? character
      : [...Array(character.length).keys()]
          .map(index => `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`)
          .join(''),
  );
}
