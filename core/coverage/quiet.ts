import { dayMillis, minuteMillis } from '../records/times.ts';

/** Who was heard: an account by its log files, or a partner by its events; until when, ISO 8601. */
export interface Heard {
  by: 'trail' | 'partner';
  account: string;
  until: string;
}

export interface Patience {
  /** 0: nobody is quiet */
  quietMinutes: number;
  /** who was heard last before so many days is forgotten */
  lookbackDays: number;
}

/**
 * Those that were heard, and then no more for longer than `quietMinutes`. One that never was heard is not expected; one that was
 * heard last before the time that is looked at is gone, not quiet: logs of long ago that were processed lately are no silence.
 */
export function quietOf(
  heard: readonly Heard[],
  now: Date,
  { quietMinutes, lookbackDays }: Patience,
): Heard[] {
  if (quietMinutes === 0) return [];
  return heard.filter(({ until }) => {
    const silence = now.getTime() - Date.parse(until);
    return silence > quietMinutes * minuteMillis && silence < lookbackDays * dayMillis;
  });
}

/** One name for each that is heard. */
export function heardName({ by, account }: Pick<Heard, 'by' | 'account'>): string {
  return `${by}#${account}`;
}
