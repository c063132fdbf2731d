import { roletrailBill } from '../../bench/cost/model.ts';
import { prices } from '../../bench/cost/prices.ts';

/** What files come to, as a dry run counts them. */
export interface Count {
  files: number;
  bytes: number;
}

/** Of the records in a file, as nobody can know before reading them. */
const kept = 0.01;
/** Files an execution handles: messages of ten files in batches of some size. */
const batch = 100;

/**
 * Dollars at list prices of us-east-1 (docs/cost.md): listing, the queue and a Standard pipeline, if one record in a
 * hundred is kept.
 */
export function dollarsFor({ files, bytes }: Count): number {
  if (files === 0) return 0;
  const workload = {
    filesPerDay: files,
    fileMB: bytes / files / 1e6,
    kept,
    batch,
  };
  const listing = (files / 1000) * prices.put;
  return listing + (files / 1e6) * roletrailBill(workload).total;
}

/** Seconds it takes to send so many files at a rate. */
export function secondsFor(files: number, rate: number): number {
  return files / rate;
}
