import type { Screen } from './views/text/screen.ts';

/** What every command gets beside its arguments. A command returns its exit status. */
export interface Context {
  screen: Screen;
  /** aborts at Ctrl-C */
  signal: AbortSignal;
}

/** Runs a command's work with its context, and keeps the exit status it returns. */
export type Run = (work: (context: Context) => Promise<number>) => Promise<void>;
