import { type Need, toStore } from '../../contract.ts';

/** What it takes to publish to a topic, of it and of its key (SNS guide, "Key management"). */
export function publishNeed(topicArn: string): Need {
  return { action: 'sns:Publish', resource: topicArn, key: toStore };
}

/** What CloudFormation asks of a topic when it subscribes a queue: it looks at the topic first. */
export function subscribeNeeds(topicArn: string, protocol: string, endpoint: string): Need[] {
  const context = { 'sns:protocol': protocol, 'sns:endpoint': endpoint };
  return [
    { action: 'sns:GetTopicAttributes', resource: topicArn },
    { action: 'sns:Subscribe', resource: topicArn, context },
  ];
}
