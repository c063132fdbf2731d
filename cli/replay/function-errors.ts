import { isObject } from '../../steps/cloudtrail/read.ts';

/** The distinct errors that functions logged: those of intake leave no execution behind in which they would show. */
export class FunctionErrors {
  readonly #sentences = new Set<string>();

  /** Takes one structured log line (Powertools Logger); lines of other levels and shapes are not errors. */
  take(functionName: string, line: string): void {
    const entry = parsed(line);
    if (!isObject(entry) || (entry.level !== 'ERROR' && entry.level !== 'CRITICAL')) return;
    const error = isObject(entry.error) ? entry.error : entry;
    const name = text(error.name) ?? text(entry.error) ?? text(entry.errorType) ?? 'Error';
    const message = text(error.message) ?? text(entry.message) ?? text(entry.errorMessage) ?? '';
    this.#sentences.add(`${functionName}: ${name}: ${message}`);
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
