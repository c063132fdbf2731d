import { Aspects, CfnResource, type IAspect, Stack } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** Findings by their ids (checkov `CKV_...`, else cfn-lint), each with the reason why it is right here. */
type Findings = Record<string, string>;

const dependsOnPolicies: Findings = {
  W3005: 'The CDK has a resource depend on all that a construct holds, its policies among them.',
};

/** By type, then by construct path's end; `''`: every resource of the type. */
const acknowledged: Record<string, Record<string, Findings>> = {
  'AWS::Lambda::Function': {
    '': {
      ...dependsOnPolicies,
      CKV_AWS_115: 'Queues bound how many run; a reservation would take from what a new account has ten of.',
      CKV_AWS_116:
        'Invoked by the state machine, which retries and keeps what failed, or behind dead letters.',
      CKV_AWS_117: 'It talks to services of AWS alone; a VPC would add endpoints and protect nothing.',
      CKV_AWS_173: 'Its environment holds names and no secrets, and is encrypted with the key of Lambda.',
    },
  },
  'AWS::StepFunctions::StateMachine': { '': dependsOnPolicies },
  'AWS::SNS::Subscription': { '': dependsOnPolicies },
  'AWS::DynamoDB::Table': {
    'Idempotency/Resource': {
      CKV_AWS_28: 'Its items guard retries and expire: there is nothing to restore.',
    },
    'Senders/Resource': { CKV_AWS_28: 'Its items count refusals of an hour and expire.' },
  },
  'AWS::S3::Bucket': {
    'AccessLogs/Resource': { CKV_AWS_18: 'It holds the access logs.' },
  },
};

/** For the partner's template. */
const acknowledgedOfPartners: typeof acknowledged = {
  'AWS::SNS::Topic': {
    '': {
      CKV_AWS_26:
        'EventBridge cannot publish to a topic that is encrypted with the key of SNS; what passes is kept by nobody.',
    },
  },
  'AWS::SQS::Queue': {
    '': {
      CKV_AWS_27: 'Encrypted with the key of SQS (SqsManagedSseEnabled), which the check does not know.',
    },
  },
};

/** Of the European sovereign cloud, whose partition is younger than the linter's patterns of ARNs. */
const unknownPartition: Findings = { E3512: 'The linter does not know the partition aws-eusc.' };
const namingAccounts = ['AWS::KMS::Key', 'AWS::SNS::TopicPolicy'];

/** Writes the reason for each accepted finding into the template, for the scanners of the person who deploys it. */
export function acknowledgeScanners(scope: IConstruct, of: 'production' | 'partner'): void {
  const table = of === 'production' ? acknowledged : acknowledgedOfPartners;
  const aspect: IAspect = {
    visit(node) {
      if (!CfnResource.isCfnResource(node)) return;
      const findings = Object.entries(table[node.cfnResourceType] ?? {})
        .filter(([end]) => node.node.path.endsWith(end))
        .map(([, found]) => found);
      if (Stack.of(node).partition === 'aws-eusc' && namingAccounts.includes(node.cfnResourceType))
        findings.push(unknownPartition);
      if (findings.length > 0) write(node, Object.entries(Object.assign({}, ...findings)));
    },
  };
  Aspects.of(scope).add(aspect);
}

function write(resource: CfnResource, findings: [id: string, reason: string][]): void {
  const skip = findings.filter(([id]) => id.startsWith('CKV_')).map(([id, comment]) => ({ id, comment }));
  const others = findings.filter(([id]) => !id.startsWith('CKV_'));
  if (skip.length > 0) resource.addMetadata('checkov', { skip });
  if (others.length === 0) return;
  resource.addMetadata('cfn-lint', { config: { ignore_checks: others.map(([id]) => id) } });
  // cfn-lint has no place for a reason.
  resource.addMetadata('acknowledged', Object.fromEntries(others));
}
