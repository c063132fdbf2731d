import type { Input } from '../../inputs/input.ts';
import type { Part } from './part.ts';
import type { Portable } from './portable.ts';

/** What every thread reads with. */
export interface ReadWith {
  auditedRoles: readonly string[];
  trailAccounts: readonly string[];
  bucket: string;
  /** keys of all inputs, where exports may announce them */
  keys: readonly string[];
}

/** One file to read. `index`: its place in the order of delivery. `bytes`: of a member of an archive or an object in S3, which only its reader can give. */
export interface Job {
  index: number;
  input: Portable & Partial<Pick<Input, 'bytes'>>;
  /** whether it may be the first of its account and Region, so that its earliest time counts */
  first: boolean;
  /** names (nameOfRecord) of records that contradict the first one of their event, and say nothing */
  except: readonly string[];
}

/** What is told of a file's contents beside its records: what could not be read, and what holds no calls. */
export interface Sentences {
  problems: string[];
  notes: string[];
}

/** What a thread says: parts of one job after the other, in order; an error that is none of a file's contents ends it all. */
export type Said =
  | { parts: Part[]; told: Sentences; ended: boolean }
  | { error: { file: string; message: string } };
