import { Stack } from 'aws-cdk-lib';
import { type IRole, PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { flattenCfnReference } from 'cdk-nag/lib/utils/flatten-cfn-reference.js';
import type { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';

type Conditions = Record<string, Record<string, string | string[]>>;

/** What a role may do. */
export interface Grant {
  actions: string[];
  resources: string[];
  conditions?: Conditions;
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
      Object.entries(policies).map(([name, grants]) => [name, document(grants)]),
    ),
  });
  for (const { resources, why } of Object.values(policies).flat()) {
    if (!why) continue;
    for (const resource of resources) acknowledge(role, { [wildcardFinding(role, resource)]: why });
  }
  return role.withoutPolicyUpdates();
}

function document(grants: Grant[]): PolicyDocument {
  return new PolicyDocument({
    statements: grants.map(
      ({ actions, resources, conditions }) =>
        new PolicyStatement({ actions, resources, ...(conditions ? { conditions } : {}) }),
    ),
  });
}

/** As the check names it: the resource with references as `<LogicalId.Arn>`. */
function wildcardFinding(scope: Construct, resource: string): string {
  return `AwsSolutions-IAM5[Resource::${flattenCfnReference(Stack.of(scope).resolve(resource))}]`;
}
