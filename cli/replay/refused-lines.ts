import type { Refusal } from '../../steps/transport/payloads.ts';
import { otherLines } from '../inputs/others.ts';
import { causeMessage } from '../views/terminal/cause.ts';
import { clean } from '../views/text/clean.ts';
import type { Paint } from '../views/text/paint.ts';
import type { MissingRole } from './nearest-roles.ts';
import type { Outcome } from './outcome.ts';
import type { Replayed } from './replayed.ts';

/** Everything a replay refused, each with source, name of error and reason, and where it is kept. */
export function refusedLines(replayed: Replayed, paint: Paint): string[] {
  const { quarantined, collected, others, problems, notes, fileOf } = replayed;
  const lines: string[] = [];
  for (const { key, header, refusals } of quarantined) {
    for (const refusal of refusals) {
      const file = refusal.raw === undefined ? null : fileOf(refusal.raw);
      lines.push(refusalLine(refusal, paint, file));
    }
    if (header.failure) {
      const { error, message } = header.failure;
      lines.push(
        `  ${paint.red('✕')} execution ${clean(header.execution)}: ${paint.bold(clean(error))}: ${clean(message)}`,
      );
    }
    lines.push(`    ${paint.dim(`kept in ${clean(key)}`)}`);
  }
  const listed = new Set(quarantined.map(({ header }) => header.execution));
  for (const outcome of collected.failed) {
    if (!listed.has(outcome.name)) lines.push(`  ${paint.red('✕')} ${failureLine(outcome)}`);
  }
  lines.push(...problemLines(problems, paint), ...noteLines(notes));
  lines.push(...otherLines(others, paint));
  return lines;
}

/** One source, record or message that was refused; `file`: that a message came from. */
export function refusalLine(
  { step, error, message, source, record }: Refusal,
  paint: Paint,
  file: string | null = null,
): string {
  const subject = file ?? (record === undefined ? source : `${source} record ${record}`);
  return `  ${paint.red('✕')} ${clean(subject)}: ${paint.bold(clean(error))}: ${clean(message)} ${paint.dim(`(${clean(step)})`)}`;
}

export function problemLines(problems: readonly string[], paint: Paint): string[] {
  return problems.map(problem => `  ${paint.red('✕')} ${clean(problem)}`);
}

export function noteLines(notes: readonly string[]): string[] {
  return notes.map(note => `  ${clean(note)}`);
}

/** Roles that no record shows: an empty report on them does not mean that nobody used them. */
export function missingRoleLines(missing: readonly MissingRole[], paint: Paint): string[] {
  return missing.map(({ role, nearest }) => {
    const held = nearest.map(({ arn, why }) => `${clean(arn)} (${clean(why)})`).join(', ');
    const near = held === '' ? 'no role in them has a similar name' : `nearest: ${held}`;
    return `${paint.yellow('no record')} of the role ${paint.bold(clean(role))} in these logs; ${near}`;
  });
}

/** `execution NAME FAILED: AccessDenied: User ... is not authorized to perform ...`, the whole sentence. */
export function failureLine({ name, status, error, cause }: Outcome): string {
  const reason = [error, causeMessage(cause)].filter(part => part).join(': ');
  return `execution ${clean(name)} ${status}: ${clean(reason || 'no reason given')}`;
}
