import { type Json, objectAt, stringAt } from '../../../core/records/read.ts';
import type { Access } from '../../../core/resources/resource.ts';

/** The class of an event and its activity. `name`: the caption of the activity, or the call's own name where it is 99. */
export interface Activity {
  category: 3 | 6;
  class: 3001 | 3002 | 6003;
  id: number;
  name: string;
}

const accountChanges: Record<string, [number, string]> = {
  CreateUser: [1, 'Create'],
  CreateRole: [1, 'Create'],
  ChangePassword: [3, 'Password Change'],
  UpdateLoginProfile: [4, 'Password Reset'],
  DeleteUser: [6, 'Delete'],
  DeleteRole: [6, 'Delete'],
  AttachUserPolicy: [7, 'Attach Policy'],
  AttachRolePolicy: [7, 'Attach Policy'],
  PutUserPolicy: [7, 'Attach Policy'],
  PutRolePolicy: [7, 'Attach Policy'],
  DetachUserPolicy: [8, 'Detach Policy'],
  DetachRolePolicy: [8, 'Detach Policy'],
  DeleteUserPolicy: [8, 'Detach Policy'],
  DeleteRolePolicy: [8, 'Detach Policy'],
  EnableMFADevice: [10, 'MFA Factor Enable'],
  DeactivateMFADevice: [11, 'MFA Factor Disable'],
};

/** Changes of an account that OCSF has no activity for. */
const otherChanges = new Set([
  'CreateAccessKey',
  'CreateLoginProfile',
  'DeleteAccessKey',
  'DeleteLoginProfile',
  'UpdateAccessKey',
  'UpdateAssumeRolePolicy',
  'UpdateRole',
  'UpdateUser',
]);

/** Of calls that write: AWS tells no closer what they do, and OCSF asks whether they create, update or delete. */
const verbs: [RegExp, number, string][] = [
  [/^(?:Allocate|Create|Import|Register|Run)/, 1, 'Create'],
  [/^(?:Delete|Deregister|Release|Remove|Terminate)/, 4, 'Delete'],
  [/^(?:Associate|Attach|Detach|Disassociate|Modify|Put|Set|Tag|Untag|Update)/, 3, 'Update'],
];

/** Which class a CloudTrail record is of: from its source and name, and its access, as docs/ocsf.md says. */
export function activityOf(record: Json, access: Access): Activity {
  const name = stringAt(record, 'eventName') ?? '';
  const source = stringAt(record, 'eventSource') ?? '';
  const change = Object.hasOwn(accountChanges, name) ? accountChanges[name] : undefined;
  if (source === 'iam.amazonaws.com' && change)
    return { category: 3, class: 3001, id: change[0], name: change[1] };
  if (source === 'iam.amazonaws.com' && otherChanges.has(name) && targetsAccount(record))
    return { category: 3, class: 3001, id: 99, name };
  if (source === 'signin.amazonaws.com' && name === 'SwitchRole')
    return { category: 3, class: 3002, id: 7, name: 'Account Switch' };
  if (isLogon(source, name)) return { category: 3, class: 3002, id: 1, name: 'Logon' };
  if (access === 'read') return { category: 6, class: 6003, id: 2, name: 'Read' };
  const [, id, caption] = verbs.find(([verb]) => verb.test(name)) ?? [null, 99, name];
  return { category: 6, class: 6003, id, name: caption };
}

// Without a name the call is about its caller, who is the account then.
function targetsAccount(record: Json): boolean {
  const parameters = objectAt(record, 'requestParameters');
  return parameters === null || 'userName' in parameters || 'roleName' in parameters;
}

function isLogon(source: string, name: string): boolean {
  if (source === 'signin.amazonaws.com') return name === 'ConsoleLogin';
  return (
    source === 'sts.amazonaws.com' &&
    /^(?:AssumeRole|AssumeRoot|GetFederationToken|GetSessionToken)/.test(name)
  );
}

/** One call of every kind that events tell apart: source and name. What a test of the export walks. */
export const kinds: readonly [source: string, name: string][] = [
  ...[...Object.keys(accountChanges), ...otherChanges].map((name): [string, string] => [
    'iam.amazonaws.com',
    name,
  ]),
  ['signin.amazonaws.com', 'ConsoleLogin'],
  ['signin.amazonaws.com', 'SwitchRole'],
  ...[
    'AssumeRole',
    'AssumeRoleWithSAML',
    'AssumeRoleWithWebIdentity',
    'AssumeRoot',
    'GetFederationToken',
    'GetSessionToken',
  ].map((name): [string, string] => ['sts.amazonaws.com', name]),
  ['s3.amazonaws.com', 'GetObject'],
  ['ec2.amazonaws.com', 'RunInstances'],
  ['ec2.amazonaws.com', 'TerminateInstances'],
  ['kms.amazonaws.com', 'PutKeyPolicy'],
  ['lambda.amazonaws.com', 'Invoke'],
];
