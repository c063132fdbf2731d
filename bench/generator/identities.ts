import { createHash } from 'node:crypto';
import { account, partnerAccount } from './accounts.ts';
import type { Random } from './random.ts';
import { isoTime } from './record.ts';

const agents = [
  'aws-cli/2.15.0 Python/3.11.6 Linux/5.10.205-195.804.amzn2.x86_64 exe/x86_64.amzn.2 prompt/off command/s3api.list-buckets',
  'Boto3/1.34.51 md/Botocore#1.34.51 ua/2.0 os/linux#5.10.205 md/arch#x86_64 lang/python#3.11.6 md/pyimpl#CPython cfg/retry-mode#legacy Botocore/1.34.51',
  'APN/1.0 HashiCorp/1.0 Terraform/1.7.3 (+https://www.terraform.io) terraform-provider-aws/5.38.0 aws-sdk-go-v2/1.25.0 os/linux lang/go#1.21.6 md/GOOS#linux md/GOARCH#amd64',
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/121.0.0.0 Safari/537.36',
  'aws-sdk-java/2.24.1 Linux/5.10.209-198.812.amzn2.x86_64 OpenJDK_64-Bit_Server_VM/17.0.10+7-LTS Java/17.0.10 vendor/Amazon.com_Inc. io/sync http/Apache cfg/retry-mode/standard',
] as const;

type Client = Pick<Principal, 'sourceIPAddress' | 'userAgent'>;

/** Where somebody calls from, and with what. */
export function client(random: Random): Client {
  return { sourceIPAddress: random.address(), userAgent: random.pick(agents) };
}

/** Somebody who makes calls: `userIdentity` as their records show it. */
export interface Principal {
  userIdentity: object;
  sourceIPAddress: string;
  userAgent: string;
}

/** A user and a role keep the unique id that IAM gave them as long as they exist (IAM guide, unique identifiers). */
function uniqueId(prefix: 'AIDA' | 'AROA', name: string): string {
  const bytes = createHash('sha256').update(name).digest();
  return prefix + Array.from(bytes.subarray(0, 17), byte => letters[byte % letters.length]).join('');
}

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

export function user(random: Random): Principal {
  const userName = random.pick(['jsmith', 'zoë', 'deploy', 'ci-runner', 'håkon', 'auditor']);
  return {
    ...client(random),
    userIdentity: {
      type: 'IAMUser',
      principalId: uniqueId('AIDA', userName),
      arn: `arn:aws:iam::${account}:user/${userName}`,
      accountId: account,
      accessKeyId: random.id('AKIA', 16),
      userName,
    },
  };
}

/** A service acting by itself: its records have neither ARN nor key. */
export function service(random: Random): Principal {
  const name = random.pick(['ec2', 'lambda', 'autoscaling', 'config', 'cloudtrail']);
  const host = `${name}.amazonaws.com`;
  return {
    userIdentity: { type: 'AWSService', invokedBy: host },
    sourceIPAddress: host,
    userAgent: host,
  };
}

/** A caller of another account as the role owner's copy shows it: no ARN, no key (IAM guide, cloudtrail-integration). */
export function stranger(random: Random): Principal {
  return {
    ...client(random),
    userIdentity: { type: 'AWSAccount', principalId: random.id('AIDA', 17), accountId: partnerAccount },
  };
}

/** A session of a role, with what later issuances and calls need of it. */
export interface RoleSession extends Principal {
  role: string;
  sessionName: string;
  accessKeyId: string;
  roleId: string;
}

export function roleSession(role: string, issued: number, random: Random): RoleSession {
  const roleId = uniqueId('AROA', role);
  const sessionName = `${random.pick(['build', 'i-0', 'jsmith', 'nightly'])}-${random.hex(8)}`;
  const accessKeyId = random.id('ASIA', 16);
  return {
    ...client(random),
    role,
    sessionName,
    accessKeyId,
    roleId,
    userIdentity: {
      type: 'AssumedRole',
      principalId: `${roleId}:${sessionName}`,
      arn: `arn:aws:sts::${account}:assumed-role/${role}/${sessionName}`,
      accountId: account,
      accessKeyId,
      sessionContext: {
        sessionIssuer: {
          type: 'Role',
          principalId: roleId,
          arn: `arn:aws:iam::${account}:role/${role}`,
          accountId: account,
          userName: role,
        },
        attributes: { creationDate: isoTime(issued), mfaAuthenticated: 'false' },
      },
    },
  };
}
