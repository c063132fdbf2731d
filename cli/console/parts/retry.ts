import type { Html } from '../html.ts';

/** The one place to offer that a quarantined object be processed again; nothing, as long as there is no such command. */
export function retryHint(_key: string): Html | null {
  return null;
}
