/**
 * Quotas that end an execution on AWS.
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html
 */

/** Largest input or output of a task, state or execution, in bytes of UTF-8. */
export const payloadLimit = 262_144;

/** Most events in the history of one execution. */
export const historyLimit = 25_000;

export function exceedsPayloadLimit(text: string): boolean {
  // A UTF-16 unit is at most three bytes: most texts are decided without counting.
  return text.length * 3 > payloadLimit && Buffer.byteLength(text) > payloadLimit;
}
