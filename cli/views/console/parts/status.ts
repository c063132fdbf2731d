import { duration } from '../../text/format.ts';
import { type Html, html } from '../../text/html.ts';

const executionWords: Record<string, [string, string]> = {
  SUCCEEDED: ['good', 'Succeeded'],
  RUNNING: ['busy', 'Running'],
  FAILED: ['bad', 'Failed'],
  TIMED_OUT: ['bad', 'Timed out'],
  ABORTED: ['dull', 'Aborted'],
  PENDING_REDRIVE: ['busy', 'Pending redrive'],
};

/** A word with its colour and mark: never the colour alone. */
export function badge(kind: string, word: string): Html {
  return html`<span class="badge ${kind}">${word}</span>`;
}

export function executionBadge(status: string): Html {
  const [kind, word] = executionWords[status] ?? ['dull', status];
  return badge(kind, word);
}

export function answerBadge(status: string): Html {
  const kinds: Record<string, string> = {
    linked: 'good',
    delivered: 'good',
    unlinked: 'bad',
    ambiguous: 'warn',
    unknown: 'warn',
    claimed: 'warn',
  };
  return badge(kinds[status] ?? 'dull', status);
}

/** From one time to another (ISO 8601), or how long it has taken so far where `running`; else a dash. */
export function took(
  from: string | null | undefined,
  to: string | null | undefined,
  running = false,
): string {
  if (from && !to && running) return `${duration(Math.max(0, Date.now() - Date.parse(from)))} so far`;
  return from && to ? duration(Date.parse(to) - Date.parse(from)) : '–';
}
