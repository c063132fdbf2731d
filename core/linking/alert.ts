/**
 * The state of the alert on a session. `noticed`: not sent yet, its grace period runs from `noticedAt`. `given-up`: it could not be
 * judged or told of, however often it was tried, and is not tried again.
 */
export interface Alert {
  credential: string;
  session: string;
  state: 'noticed' | 'alerted' | 'explained' | 'given-up';
  /** ISO 8601 */
  noticedAt: string;
  /** ISO 8601; null while no alert was sent */
  alertedAt: string | null;
  /** ISO 8601; null unless it was withdrawn */
  explainedAt: string | null;
  /** how often it was put off, until when (ISO 8601) and why: `no coverage` or an error's name; null: it never was */
  putOff: { times: number; until: string; why: string } | null;
}

/** One that stands: `at` is its time sort key, by the beginning of its session. */
export interface OutstandingAlert extends Alert {
  at: string;
}
