import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { project, type Ran, run } from './roletrail.ts';

const shared = join(project, '..', 'shared');

/** What the comparison of a report with the truth of a set of real trails says; nothing where the set has no truth. */
export async function linksAgainstTruth(set: string, report: string): Promise<Ran | undefined> {
  const truth = join(shared, 'trails', set, 'truth.json');
  if (!existsSync(truth)) return undefined;
  return run([join(shared, 'tools', 'compare-links.mjs'), report, truth]);
}
