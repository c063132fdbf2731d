import type { Input } from '../../replay/input.ts';
import type { Part } from './part.ts';

/** What every thread reads with. */
export interface ReadWith {
  auditedRoles: readonly string[];
  trailAccounts: readonly string[];
  bucket: string;
}

/** One file to read. `index`: its place in the order of delivery. */
export interface Job {
  index: number;
  input: Input;
  /** whether it may be the first of its account and Region, so that its earliest time counts */
  first: boolean;
  /** names (nameOfRecord) of records that contradict the first one of their event, and say nothing */
  except: readonly string[];
}

/** What a thread says: parts of one job after the other, in order; an error that is none of a file's contents ends it all. */
export type Said =
  | { parts: Part[]; problems: string[]; ended: boolean }
  | { error: { file: string; message: string } };
