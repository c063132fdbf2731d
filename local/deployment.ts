/** What a synthesized assembly says, read as the embedded cloud reads it; nothing is started. */
export type { Statement } from './contract.ts';
export type { Check } from './iam/authorizer.ts';
export { type ResourceRequest, resourceAllows } from './iam/resource-policy.ts';
export { compilePattern } from './services/events/patterns.ts';
export { checkMachines } from './services/stepfunctions/deploy.ts';
export { type Deployment, readDeployment } from './template/deployment.ts';
export { isObject, type JsonObject } from './template/json.ts';
export { rolePolicies } from './template/role-policies.ts';
export type { Resource } from './template/stack.ts';
export { matchesArn, matchesWildcards } from './wildcards.ts';
