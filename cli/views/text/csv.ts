import { clean } from './clean.ts';

export type Cell = string | number | boolean | null | undefined;

/**
 * A row of CSV (RFC 4180) without its end of line. A text that a spreadsheet would take for a formula gets an apostrophe in
 * front (OWASP, "CSV Injection"): logs hold what anybody wrote. Control characters are shown as they are on a terminal.
 */
export function csvRow(cells: readonly Cell[]): string {
  return cells.map(cellText).join(',');
}

function cellText(cell: Cell): string {
  if (typeof cell === 'number' || typeof cell === 'boolean') return String(cell);
  // Also what is full-width, which some spreadsheets take for the same.
  const text = clean(cell ?? '').replace(/^\s*[=+\-@\uff1d\uff0b\uff0d\uff20]/, start => `'${start}`);
  return /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
