import { deploymentName, partnerStackName, partnerTopics } from './names.ts';
import type { RoletrailConfig } from './roletrail-config.ts';

/** Partners' stacks that are listed; of more the rest is counted. */
const mostListed = 10;

/** The input and output of a synthesis, as the user named them. */
export interface Synthesized {
  config: RoletrailConfig;
  /** what `-c config=` named; absent: the project's own file */
  configFile?: string | undefined;
  assembly: string;
}

/** The next steps after a synthesis, in order, with their commands; and what is easily forgotten. */
export function nextSteps({ config, configFile, assembly }: Synthesized): string[] {
  const { account, region } = config.production;
  const name = deploymentName(config);
  const named = configFile === undefined ? '' : ` -c config=${configFile}`;
  const topics = partnerTopics(config);
  const partners = topics.slice(0, mostListed).map(partner => {
    const template = `${assembly}/${partnerStackName(config, partner)}.template.json`;
    return `     aws cloudformation deploy --region ${partner.region} --stack-name ${name}-partner --template-file ${template}   # as ${partner.account}`;
  });
  const more = topics.length - partners.length;
  const first =
    topics.length === 0
      ? []
      : [
          `  ${topics.length === 1 ? 'The partner' : 'Each partner'} first: production subscribes to topics that must exist.`,
          ...partners,
          ...(more > 0 ? [`     and ${more} more: ${assembly}/${name}-partner-*.template.json`] : []),
        ];
  return [
    'The whole deployment, in this order (docs/deploy.md); skip what is already deployed:',
    ...first,
    `  Production, as ${account}:`,
    `     npx cdk bootstrap aws://${account}/${region}${named}   # once`,
    `     npx cdk deploy ${name}${named} --outputs-file outputs.json`,
    `     aws cloudformation update-termination-protection --region ${region} --stack-name ${name} --enable-termination-protection`,
    ...(config.trailBucket.create
      ? ['  Then the trail, which writes to the bucket of the stack.']
      : [
          '  Then run what the output TurnOnEventBridge says: the bucket must notify EventBridge of its objects.',
        ]),
    ...(config.retentionDays === undefined
      ? []
      : [
          `retentionDays: ${config.retentionDays} holds for what is written from now on; items that are there already have no end (docs/deploy.md, "Set retentionDays later").`,
        ]),
    ...(config.alarmEmail === undefined
      ? [
          'No alarmEmail: no one receives alarms and alerts, unless something subscribes to the topic in the output AlarmTopicArn.',
        ]
      : []),
  ];
}
