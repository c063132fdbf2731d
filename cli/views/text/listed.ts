import type { Cell } from './csv.ts';

/** How one kind of thing is listed. */
export interface Listed<T> {
  /** one, and many */
  noun: readonly [string, string];
  /** a line of JSON's list; absent: the thing itself */
  json?: (item: T) => unknown;
  /** columns of the CSV, by name */
  columns: Record<string, (item: T) => Cell>;
  lines: (items: readonly T[]) => string[];
  /** what to ask next */
  next?: string;
  /** ways to sort by, the first is the default; what comes first is first. Absent: the list has its order */
  sorts?: Record<string, (a: T, b: T) => number>;
}
