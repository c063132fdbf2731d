import { plural } from './format.ts';

/** How many calls were explained, in the words that replays, traces, lists and the console share. `named`: by their own records. */
export function linkedText(calls: {
  linked: number;
  named: number;
  others: number;
  sessions: number;
  keyless?: number;
}): string {
  const { linked, named, others, sessions, keyless = 0 } = calls;
  const beside = keyless > 0 ? `; ${keyless.toLocaleString('en-US')} more by services show no key` : '';
  const byThemselves = named > 0 ? `, ${named.toLocaleString('en-US')} named by the record itself` : '';
  return (
    `${plural(linked, 'call')} linked to who is behind them${byThemselves}, ${others.toLocaleString('en-US')} not, ` +
    `in ${plural(sessions, 'session')}${beside}`
  );
}
