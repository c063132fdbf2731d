/** Exit statuses of every command (the report contract). */
export const exitCode = { done: 0, failed: 1, usage: 2, attention: 3, interrupted: 130 } as const;

/** A command cannot go on; the message is the one sentence its user reads. */
export class CliError extends Error {
  override name = 'CliError';
  readonly exitCode: number;
  constructor(message: string, code: number = exitCode.failed, cause?: unknown) {
    super(message, { cause });
    this.exitCode = code;
  }
}

/** What was asked for is wrong: an option, a path, a name. Exit status 2. */
export class UsageError extends CliError {
  override name = 'UsageError';
  constructor(message: string, cause?: unknown) {
    super(message, exitCode.usage, cause);
  }
}

/** The user pressed Ctrl-C. Exit status 130. */
export class Interrupted extends CliError {
  override name = 'Interrupted';
  constructor(message: string) {
    super(message, exitCode.interrupted);
  }
}

/** An unexpected error as one sentence: its name, when it says more than "Error", and its message. */
export function sentence(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error instanceof CliError || error.name === 'Error') return error.message;
  return `${error.name}: ${error.message}`;
}

/** Did nobody answer, or nobody any more, where an embedded cloud was? */
export function hasEnded(error: unknown): boolean {
  return ['ECONNREFUSED', 'ECONNRESET'].includes((error as NodeJS.ErrnoException).code ?? '');
}
