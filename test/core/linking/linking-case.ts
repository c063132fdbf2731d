import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AuditedRoles } from '../../../core/identities/roles.ts';
import { normalize } from '../../../core/reading/normalize.ts';
import { relevance } from '../../../core/reading/relevance.ts';
import type { AuditEvent } from '../../../core/records/event.ts';
import { type LinkingCase, readCase } from './case-format.ts';

const folder = join(import.meta.dirname, '../cases/linking');

/** Every case, with the name of its file. Throws an Error that names the file that cannot be read. */
export function linkingCases(): (LinkingCase & { file: string })[] {
  const files = readdirSync(folder).filter(file => file.endsWith('.json'));
  return files.map(file => {
    try {
      return { file, ...readCase(JSON.parse(readFileSync(join(folder, file), 'utf8'))) };
    } catch (cause) {
      throw new Error(`${file}: ${cause instanceof Error ? cause.message : cause}`, { cause });
    }
  });
}

/** The case's records as the steps before Correlate hand them on. */
export function eventsOf(each: LinkingCase): AuditEvent[] {
  const roles = new AuditedRoles(each.roles);
  return each.records.flatMap(record => {
    const partner = each.partnerEvents?.includes(record.eventID as string) ?? false;
    const provenance = partner ? 'partner' : 'trail';
    if (!relevance(record, roles, provenance)) return [];
    const account = partner ? (record.recipientAccountId as string) : null;
    const origin = { source: 'case', provenance, account } as const;
    if (!each.expected.refused?.includes(record.eventID as string)) return [normalize(record, origin, roles)];
    holdRefused(() => normalize(record, origin, roles), record.eventID as string);
    return [];
  });
}

// What is not the sender's to say does not come as far as linking.
function holdRefused(work: () => unknown, eventID: string): void {
  try {
    work();
  } catch (error) {
    if ((error as Error).name === 'NotItsOwn') return;
    throw error;
  }
  throw new Error(`${eventID} was not refused`);
}
