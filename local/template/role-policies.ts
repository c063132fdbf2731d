import { type Statement, Unsupported } from '../contract.ts';
import type { Deployment } from './deployment.ts';

/** AWS's own policies that grant nothing a laptop checks: writing logs and traces. */
const logsAndTraces = [
  ':aws:policy/service-role/AWSLambdaBasicExecutionRole',
  ':aws:policy/AWSXRayDaemonWriteAccess',
  ':aws:policy/AWSXrayWriteOnlyAccess',
];

/**
 * All policy statements of each role of the production stack: the role's logical id -> statements.
 * @throws Unsupported for an AWS managed policy whose statements are not in the template
 */
export function rolePolicies(deployment: Deployment): Record<string, Statement[]> {
  const roles = deployment.of('AWS::IAM::Role');
  const managed = deployment.of('AWS::IAM::ManagedPolicy');
  const attached = [...deployment.of('AWS::IAM::Policy'), ...managed];
  const policies: Record<string, Statement[]> = {};
  for (const { logicalId, name, properties } of roles) {
    const documents = [
      ...properties.Policies.map(policy => policy.PolicyDocument),
      ...attached
        .filter(policy => policy.properties.Roles.includes(name))
        .map(policy => policy.properties.PolicyDocument),
    ];
    for (const arn of properties.ManagedPolicyArns) {
      const own = managed.find(policy => policy.arn === arn);
      if (own) documents.push(own.properties.PolicyDocument);
      else if (!logsAndTraces.some(end => arn.endsWith(end))) {
        throw new Unsupported(`managed policy ${arn} of role ${logicalId}`);
      }
    }
    policies[logicalId] = documents.flatMap(document => document.Statement as Statement[]);
  }
  return policies;
}
