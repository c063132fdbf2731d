/** Deeper than any record of CloudTrail's: each level costs its indentation on every line. */
const mostDepth = 200;

/**
 * A JSON text laid out over lines, two blanks a level, each token as it stands: a number keeps all its digits, a key that
 * stands twice stands twice, an escape stays one. Parsed and written again, numbers beyond 2^53 become others. A text that is
 * nested deeper than 200 comes back as it is. Whether it is JSON is not looked at: nothing is left out or added but blanks.
 */
export function laidOut(json: string): string {
  const pieces: string[] = [];
  let depth = 0;
  let at = 0;
  const line = () => `\n${'  '.repeat(depth)}`;
  while (at < json.length) {
    const end = tokenEnd(json, at);
    const token = json.slice(at, end);
    at = end;
    if (isBlank(token)) continue;
    if (token === '{' || token === '[') {
      depth += 1;
      if (depth > mostDepth) return json;
      const next = blanksEnd(json, at);
      const empty = json[next] === (token === '{' ? '}' : ']');
      if (empty) at = next + 1;
      if (empty) depth -= 1;
      pieces.push(empty ? `${token}${json[next]}` : `${token}${line()}`);
    } else if (token === '}' || token === ']') {
      depth = Math.max(0, depth - 1);
      pieces.push(`${line()}${token}`);
    } else if (token === ',') pieces.push(`,${line()}`);
    else pieces.push(token === ':' ? ': ' : token);
  }
  return pieces.join('');
}

const structure = '{}[],:';

function tokenEnd(json: string, from: number): number {
  const first = json[from] as string;
  if (first === '"') return stringEnd(json, from);
  if (structure.includes(first)) return from + 1;
  if (isBlank(first)) return blanksEnd(json, from);
  let at = from + 1;
  for (; at < json.length; at += 1) {
    const next = json[at] as string;
    if (next === '"' || structure.includes(next) || isBlank(next)) break;
  }
  return at;
}

function stringEnd(json: string, from: number): number {
  for (let at = from + 1; at < json.length; at += 1) {
    if (json[at] === '\\') at += 1;
    else if (json[at] === '"') return at + 1;
  }
  return json.length;
}

function blanksEnd(json: string, from: number): number {
  let at = from;
  while (at < json.length && isBlank(json[at] as string)) at += 1;
  return at;
}

// JSON's own four (RFC 8259): what else looks blank is not, and is shown.
function isBlank(text: string): boolean {
  const [first] = text;
  return first === ' ' || first === '\n' || first === '\r' || first === '\t';
}
