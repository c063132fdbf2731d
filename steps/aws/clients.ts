/**
 * How long a client of AWS waits, in milliseconds: to connect, for an answer to begin, and while nothing comes. Without
 * these a request that is never answered waits for its function's own limit; with them it fails and is tried again.
 */
export function waitsAtMost(answer: number) {
  return {
    requestHandler: {
      connectionTimeout: Math.min(answer, 5_000),
      requestTimeout: answer,
      throwOnRequestTimeout: true,
      socketTimeout: answer,
    },
  };
}

/** What every client of a function is made with. No request of ours takes longer to be answered. */
export const bounded = waitsAtMost(30_000);
