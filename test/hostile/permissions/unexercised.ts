/** Grants that the story does not exercise, each with its reason. */
interface Unexercised {
  what: RegExp;
  why: string;
}

/** Of roles, as `role action resource service`, with the service that uses a key for the role. */
export const unexercised: Unexercised[] = [
  {
    what: / kms:(DescribeKey|Encrypt|GenerateDataKey|ReEncryptFrom|ReEncryptTo) \S+ dynamodb\./,
    why: 'DynamoDB asks for it when it makes or changes the key of a table, which no request of ours brings about',
  },
  {
    what: /^PipelineRole kms:GenerateDataKey \S+ delivery\.logs\.amazonaws\.com$/,
    why: 'Step Functions delivers logs under the role; the embedded cloud writes them to a file',
  },
  { what: / logs:/, why: 'Lambda and Step Functions write logs under the role, without a request of ours' },
  { what: / xray:/, why: 'Lambda and Step Functions send traces under the role, without a request of ours' },
  {
    what: /^StepsPersistRole dynamodb:GetItem /,
    why: 'the library for idempotency reads an item only where DynamoDB did not return it with the failed condition',
  },
  {
    what: /^StepsPersistRole dynamodb:UpdateItem \S+Lookups/,
    why: 'only where retentionDays gives what is stored an end, which a later file moves: test/steps/store/lookups.test.ts',
  },
  {
    what: /^StepsCorrelateRole dynamodb:DeleteItem /,
    why: 'only where a credential comes to show fewer principals than before, which the story does not bring about',
  },
  {
    what: /^IntakeRole sqs:ChangeMessageVisibility /,
    why: 'only where as many executions run as may: test/hostile/throttle',
  },
  {
    what: /^StepsQuarantineRole (?:sqs:SendMessage|kms:\w+ \S+ sqs\.)/,
    why: 'only where a function dies of its batch: test/hostile/throttle',
  },
  {
    what: /^IntegrityRole sqs:ChangeMessageVisibility /,
    why: 'only where a check fails for a moment: its message comes again minutes later, for which no test waits',
  },
];

/** Of resources, as `resource statement principal action`. */
export const unexercisedByOthers: Unexercised[] = [
  {
    what: / cloudtrail\.amazonaws\.com /,
    why: 'whoever replays log files puts them in the place of CloudTrail',
  },
  { what: / cloudwatch\.amazonaws\.com /, why: 'no metrics are collected, so no alarm goes off' },
  {
    what: / delivery\.logs\.amazonaws\.com /,
    why: 'no logs of executions are delivered to CloudWatch; they go to a file',
  },
  { what: / logging\.s3\.amazonaws\.com /, why: 'the embedded S3 writes no access logs' },
  {
    what: /DeadLetters\S* TheRuleSends /,
    why: 'only where the queue itself takes nothing from its rule: test/local/cloud/policies.test.ts',
  },
  {
    what: /DeadLetters\S* ThePartnersTopicsSend /,
    why: 'only where the queue itself takes nothing from its topic: test/local/cloud/policies.test.ts',
  },
  {
    what: /^roletrail-partner-\S+\/DeadLetters\S* RulesSend /,
    why: 'only where the topic takes nothing from its rule; no bus of a partner runs in the embedded cloud',
  },
];
