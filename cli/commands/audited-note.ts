import type { Deployment } from '../deployment/deployment.ts';
import { deployedList } from '../deployment/outputs.ts';
import { auditedText } from '../views/text/audited.ts';

/** Beside an answer that found nothing: what was audited, whatever folder one stands in. */
export function auditedNote({ outputs }: Pick<Deployment, 'outputs'>): string {
  return `audited here: ${auditedText(deployedList(outputs, 'AuditedRoles'))}`;
}
