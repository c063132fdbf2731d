import { clean } from './clean.ts';

/** `2016-04-05T20:39:37Z` as people read it: `2016-04-05 20:39:37`. Times are UTC throughout. */
export function day(time: string | null | undefined): string {
  return time ? clean(time.replace('T', ' ').replace(/(?:\.\d+)?Z$/, '')) : '?';
}

/** `1 call`, `2 calls`, `2,900 records`. */
export function plural(count: number, noun: string, many = `${noun}s`): string {
  return `${count.toLocaleString('en-US')} ${count === 1 ? noun : many}`;
}

/** A span of milliseconds: `140 ms`, `3.2 s`, `2 min 5 s`. */
export function duration(milliseconds: number): string {
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`;
  const seconds = milliseconds / 1000;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

/** `2.4 MB`: bytes as a reader counts them. */
export function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toLocaleString('en-US', { maximumFractionDigits: 1 })} MB`;
}

/** Text cut to `length` characters with an ellipsis. */
export function shorten(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}

/** Rows as columns two spaces apart; widths are measured in plain text. The last column is not padded. */
export function columns(rows: string[][]): string[] {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [index, cell] of row.entries()) widths[index] = Math.max(widths[index] ?? 0, cell.length);
  }
  return rows.map(row =>
    row
      .map((cell, index) => (index === row.length - 1 ? cell : cell.padEnd(widths[index] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
}

/** A sentence's beginning. */
export function upperFirst(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

/** A word or path as it can be pasted into a shell. */
export function shellWord(text: string): string {
  const safe = clean(text);
  return /^[A-Za-z0-9@%+=:,./_-]+$/.test(safe) ? safe : `'${safe.replaceAll("'", `'\\''`)}'`;
}
