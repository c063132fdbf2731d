/** Grants that the story does not exercise, as `role action resource`, each with its reason. */
export const unexercised: { what: RegExp; why: string }[] = [
  { what: / kms:/, why: 'services use the key for their caller; the embedded cloud encrypts nothing' },
  { what: / logs:/, why: 'Lambda and Step Functions write logs under the role, without a request of ours' },
  { what: / xray:/, why: 'Lambda and Step Functions send traces under the role, without a request of ours' },
  {
    what: /^StepsPersistRole dynamodb:GetItem /,
    why: 'the library for idempotency reads an item only where DynamoDB did not return it with the failed condition',
  },
  {
    what: /^StepsCorrelateRole dynamodb:DeleteItem /,
    why: 'only where a credential comes to show fewer principals than before, which the story does not bring about',
  },
];
