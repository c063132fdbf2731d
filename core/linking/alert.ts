/** The state of the alert on a session. `noticed`: not sent yet, its grace period runs from `noticedAt`. */
export interface Alert {
  credential: string;
  session: string;
  state: 'noticed' | 'alerted' | 'explained';
  /** ISO 8601 */
  noticedAt: string;
  /** ISO 8601; null while no alert was sent */
  alertedAt: string | null;
  /** ISO 8601; null unless it was withdrawn */
  explainedAt: string | null;
}

/** One that stands: `at` is its time sort key, by the beginning of its session. */
export interface OutstandingAlert extends Alert {
  at: string;
}
