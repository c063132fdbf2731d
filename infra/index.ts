/** What the package of the constructs exports. */
export { ConfigError, parseConfig } from './config.ts';
export { packagedCode } from './function-code.ts';
export { type PartnerTopic, partnerTopics } from './names.ts';
export { PartnerStack } from './partner-stack.ts';
export type { Removal } from './removal.ts';
export { Roletrail, type RoletrailProps } from './roletrail.ts';
export type { RoletrailConfig } from './roletrail-config.ts';
