import { isObject } from '../../core/records/read.ts';

/** The distinct errors that functions logged: what intake could not take in leaves no execution behind to show them. */
export class FunctionErrors {
  readonly #sentences = new Set<string>();

  /** Takes one log line: Powertools Logger's (`error`, `reason`) or the runtime's own (`message.errorType`). */
  take(functionName: string, line: string): void {
    const entry = parsed(line);
    if (!isObject(entry) || (entry.level !== 'ERROR' && entry.level !== 'CRITICAL')) return;
    const { message, error } = entry;
    const thrown = isObject(message) ? message : isObject(error) ? error : entry;
    const name = text(thrown.errorType) ?? text(thrown.name) ?? text(thrown.error) ?? 'Error';
    const reason = text(thrown.errorMessage) ?? text(thrown.reason) ?? text(thrown.message) ?? line;
    this.#sentences.add(`${functionName}: ${name}: ${reason}`);
  }

  get sentences(): string[] {
    return [...this.#sentences];
  }
}

function text(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}
