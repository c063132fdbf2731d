import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import type { AuditEvent } from '../../../core/records/event.ts';
import { eventsOf } from './linking-case.ts';

const folder = join(import.meta.dirname, '../cases/identities');

const expectedCall = z.strictObject({
  status: z.enum(['linked', 'unlinked', 'ambiguous', 'delivered', 'unknown']).optional(),
  /** a part of what is told of who made the call */
  origin: z.string().optional(),
  depth: z.int().optional(),
  /** null: the chain stays nowhere open */
  reason: z.null().optional(),
  /** a part of the reason */
  says: z.string().optional(),
  kind: z.string().optional(),
  /** the person's name */
  named: z.string().optional(),
  /** the Identity Center user behind it */
  userId: z.string().optional(),
  masked: z.boolean().optional(),
  /** the run of a pipeline that the subject names */
  ci: z.record(z.string(), z.string()).optional(),
  /** ARN of the session of who approved delegated access */
  approver: z.string().optional(),
  /** short names of events that a hop must cite */
  cites: z.array(z.string()).optional(),
});

const identityCase = z.strictObject({
  name: z.string(),
  /** who shows that records look like this */
  source: z.string(),
  /** what is right, in words */
  right: z.string(),
  records: z.array(z.record(z.string(), z.unknown())).min(1),
  /** short names for the events that matter */
  events: z.record(z.string(), z.string()),
  expected: z.strictObject({
    calls: z.record(z.string(), expectedCall),
    alerts: z.int().optional(),
    flags: z.array(z.never()).optional(),
    neverNamed: z.record(z.string(), z.string()).optional(),
    neverLinked: z.array(z.string()).optional(),
  }),
});

export type IdentityCase = z.infer<typeof identityCase>;

/** How people and workloads come by credentials today, as records show it: each case with its expected answer. */
export function identityCases(): IdentityCase[] {
  return readdirSync(folder)
    .filter(file => file.endsWith('.json'))
    .map(file => {
      const read = identityCase.safeParse(JSON.parse(readFileSync(join(folder, file), 'utf8')));
      if (!read.success) throw new Error(`${file}: ${z.prettifyError(read.error)}`);
      return read.data;
    });
}

/** The case's records as the steps before Correlate hand them on, every temporary credential audited. */
export function eventsOfIdentity({ name, records }: IdentityCase): AuditEvent[] {
  return eventsOf({ name, roles: ['*'], records, expected: { calls: [] } });
}
