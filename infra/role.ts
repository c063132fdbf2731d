import { Stack } from 'aws-cdk-lib';
import { type IRole, PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { flattenCfnReference } from 'cdk-nag/lib/utils/flatten-cfn-reference.js';
import type { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';
import { domainOf } from './regions.ts';

type Conditions = Record<string, Record<string, string | string[]>>;

/** What a role may do. */
export interface Grant {
  actions: string[];
  resources: string[];
  conditions?: Conditions;
  /** of a key: only for what this service asks in the role's name; `s3`, as in the names of endpoints */
  via?: string;
  /** why a resource has a wildcard; without it, the checks fail */
  why?: string;
}

export interface RoleProps {
  description: string;
  service: string;
  /** narrows whom the service acts for */
  conditions?: Conditions;
  /** policy name -> grants */
  policies: Record<string, Grant[]>;
}

/** A role that may do exactly what `policies` say: CDK adds nothing to it. */
export function createRole(
  scope: Construct,
  { description, service, conditions, policies }: RoleProps,
): IRole {
  const role = new Role(scope, 'Role', {
    description: `${description} (roletrail)`,
    assumedBy: new ServicePrincipal(service, conditions ? { conditions } : {}),
    inlinePolicies: Object.fromEntries(
      Object.entries(policies).map(([name, grants]) => [name, document(grants, Stack.of(scope).region)]),
    ),
  });
  for (const { resources, why } of Object.values(policies).flat()) {
    if (!why) continue;
    for (const resource of resources) acknowledge(role, { [wildcardFinding(role, resource)]: why });
  }
  return role.withoutPolicyUpdates();
}

function document(grants: Grant[], region: string): PolicyDocument {
  return new PolicyDocument({
    statements: grants.map(({ actions, resources, conditions, via }) => {
      const all = via
        ? { ...conditions, StringEquals: { 'kms:ViaService': viaService(via, region) } }
        : conditions;
      return new PolicyStatement({ actions, resources, ...(all ? { conditions: all } : {}) });
    }),
  });
}

/**
 * A service as KMS names it. KMS's guide writes `amazonaws.com` for every region; policies of AWS for China have the
 * domain of its endpoints. Either lets the one service in and no other; where they are the same, one is written.
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service
 */
function viaService(service: string, region: string): string[] {
  return [...new Set(['amazonaws.com', domainOf(region)])].map(domain => `${service}.${region}.${domain}`);
}

/** As the check names it: the resource with references as `<LogicalId.Arn>`. */
function wildcardFinding(scope: Construct, resource: string): string {
  return `AwsSolutions-IAM5[Resource::${flattenCfnReference(Stack.of(scope).resolve(resource))}]`;
}
