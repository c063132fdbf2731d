import { isObject } from '../../../core/records/read.ts';

/** Lambda wraps a function's error as JSON in the cause; a timeout or limit comes as plain text. */
export function causeMessage(cause: string | null): string | null {
  if (!cause) return null;
  try {
    const value: unknown = JSON.parse(cause);
    if (isObject(value) && typeof value.errorMessage === 'string') return value.errorMessage;
  } catch {
    // Plain text stands for itself.
  }
  return cause;
}
