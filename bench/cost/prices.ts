/**
 * List prices of us-east-1 in dollars, without free tiers, of 2026. Sources: the AWS pricing pages of Step Functions,
 * Lambda, DynamoDB (on demand, since November 2024), S3 (Standard), EventBridge, SQS, X-Ray and CloudWatch (Logs, standard
 * class). Confirmed by a second source: those of Step Functions, DynamoDB and EventBridge's dollar for a million events.
 */
export const prices = {
  /** a state entered */
  transition: 25e-6,
  invocation: 0.2e-6,
  /** arm64, as the stack deploys */
  arm64GigabyteSecond: 0.0000133334,
  /** x86, as the article deploys */
  x86GigabyteSecond: 0.0000166667,
  writeUnit: 0.625e-6,
  readUnit: 0.125e-6,
  get: 0.4e-6,
  put: 5e-6,
  /** S3's events are ones a bucket opts in to, billed as custom events are; some summaries have them free */
  eventBridgeEvent: 1e-6,
  sqsRequest: 0.4e-6,
  trace: 5e-6,
  logGigabyte: 0.5,
} as const;
