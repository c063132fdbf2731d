/** Where the generated logs come from, and which role is audited in them. */
export const account = '999999999999';
export const partnerAccount = '111111111111';
export const region = 'us-east-1';
export const auditedRole = 'CrossAccountTest';
export const auditedRoleArn = `arn:aws:iam::${account}:role/${auditedRole}`;

/** What the calls of the audited role's sessions have as `userIdentity.arn`, up to the session's name. */
export const auditedSessions = `arn:aws:sts::${account}:assumed-role/${auditedRole}/`;

/** Roles whose names a careless match takes for the audited one; case alone tells no two roles of an account apart. */
export const decoyRoles = [`${auditedRole}2`, `My${auditedRole}`, `${auditedRole.toLowerCase()}s`] as const;
