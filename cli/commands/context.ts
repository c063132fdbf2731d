import type { Screen } from '../text/screen.ts';

/** What every command gets beside its arguments. A command returns its exit status. */
export interface Context {
  screen: Screen;
  /** aborts at Ctrl-C */
  signal: AbortSignal;
}
