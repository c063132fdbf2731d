import type { Supported } from '@roletrail/local/supports';

/** The names that users know services by, for each name that requests are signed for. */
const serviceNames: Record<string, string> = {
  s3: 'S3',
  dynamodb: 'DynamoDB',
  states: 'Step Functions',
  sqs: 'SQS',
  sns: 'SNS',
  events: 'EventBridge',
  cloudtrail: 'CloudTrail',
};

/** What the embedded cloud supports, for a reader: a line for each item. */
export function supportedLines({ services, statesLanguage, resourceTypes }: Supported): string[] {
  const item = (name: string, values: readonly string[]) => `  ${name}: ${values.join(', ')}`;
  return [
    'The embedded cloud supports what is listed here, and refuses everything else by name.',
    '',
    'Operations of each service',
    ...Object.entries(services).map(([service, names]) => item(serviceNames[service] ?? service, names)),
    '',
    `State machines in the Amazon States Language (${statesLanguage.queryLanguage}), with these fields`,
    item('the definition', statesLanguage.definition),
    item('every state', statesLanguage.everyState),
    ...Object.entries(statesLanguage.states).map(([type, fields]) => item(type, fields)),
    item('Retry', statesLanguage.retrier),
    item('Catch', statesLanguage.catcher),
    item('context object', statesLanguage.context),
    '',
    'Resource types of a template that run',
    ...resourceTypes.run.map(type => `  ${type}`),
    '',
    'Resource types of a template that do nothing here, and why',
    ...Object.entries(resourceTypes.doNothing).map(([type, why]) => `  ${type}: ${why}`),
  ];
}
