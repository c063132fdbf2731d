import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AuditEvent } from '../../../steps/cloudtrail/event.ts';
import { normalize } from '../../../steps/cloudtrail/normalize.ts';
import { relevance } from '../../../steps/cloudtrail/relevance.ts';
import { AuditedRoles } from '../../../steps/cloudtrail/roles.ts';

export interface LinkingCase {
  name: string;
  roles: string[];
  /** eventIDs of the records that a partner sent */
  partnerEvents?: string[];
  records: Record<string, unknown>[];
  expected: { calls: ExpectedCall[]; denied?: { eventID: string; role: string }[]; absent?: string[] };
}

export interface ExpectedCall {
  eventID: string;
  status: string;
  issuerEventIDs: string[];
  depth: number;
  origin: Record<string, unknown> | null;
  chain?: string[][];
}

const folder = join(import.meta.dirname, '../cases/linking');

export function linkingCases(): LinkingCase[] {
  const files = readdirSync(folder).filter(file => file.endsWith('.json'));
  return files.map(file => JSON.parse(readFileSync(join(folder, file), 'utf8')) as LinkingCase);
}

/** The case's records as the steps before Correlate hand them on. */
export function eventsOf(each: LinkingCase): AuditEvent[] {
  const roles = new AuditedRoles(each.roles);
  return each.records.flatMap(record => {
    const partner = each.partnerEvents?.includes(record.eventID as string) ?? false;
    const provenance = partner ? 'partner' : 'trail';
    if (!relevance(record, roles, provenance)) return [];
    const account = partner ? (record.recipientAccountId as string) : null;
    return [normalize(record, { source: 'case', provenance, account }, roles)];
  });
}
