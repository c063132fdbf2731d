import { randomBytes } from 'node:crypto';
import { type Caller, Unsupported } from '../contract.ts';
import type { KeyOwner } from '../gateway/caller.ts';
import type { RoleCredentials } from '../services/lambda/environment.ts';
import type { Deployment } from '../template/deployment.ts';
import { partitionOf } from '../template/names.ts';

/** Everyone who may call the embedded cloud, by access key id. */
export class Callers {
  /** the operator's credentials, new at every start: whoever has them is let in */
  readonly operatorCredentials = { accessKeyId: keyId('AKIA'), secretAccessKey: secret() };
  readonly #byKey = new Map<string, KeyOwner>();
  readonly #deployment: Deployment;
  readonly #operator: Caller;

  constructor(deployment: Deployment) {
    this.#deployment = deployment;
    const { account, region } = deployment;
    const arn = `arn:${partitionOf(region)}:iam::${account}:user/operator`;
    this.#operator = { kind: 'operator', name: 'operator', arn };
    const key = this.operatorCredentials;
    this.#byKey.set(key.accessKeyId, { caller: this.#operator, key });
  }

  /** The person at the keyboard. */
  get operator(): Caller {
    return this.#operator;
  }

  /** Who owns an access key id; undefined for one that was never handed out. */
  find(accessKeyId: string): KeyOwner | undefined {
    return this.#byKey.get(accessKeyId);
  }

  /** Whoever acts under a role of the stack. Throws Unsupported for a role that is not in it. */
  underRole(roleArn: string, session: string): Caller {
    const { account, region } = this.#deployment;
    const role = this.#deployment.of('AWS::IAM::Role').find(candidate => candidate.arn === roleArn);
    if (!role) throw new Unsupported(`role ${roleArn}, which is not in the stack`);
    return {
      kind: 'role',
      name: role.logicalId,
      arn: `arn:${partitionOf(region)}:sts::${account}:assumed-role/${role.name}/${session}`,
      roleArn,
    };
  }

  /** New session credentials for whoever acts under a role. */
  issue(roleArn: string, session: string): RoleCredentials {
    const key = {
      accessKeyId: keyId('ASIA'),
      secretAccessKey: secret(),
      sessionToken: randomBytes(48).toString('base64url'),
    };
    this.#byKey.set(key.accessKeyId, { caller: this.underRole(roleArn, session), key });
    return key;
  }
}

/** As long as AWS's: four letters that tell the kind, and sixteen (IAM guide, unique identifiers). */
function keyId(kind: 'AKIA' | 'ASIA'): string {
  return `${kind}${randomBytes(8).toString('hex').toUpperCase()}`;
}

/** Forty characters, as AWS's, and none that a shell reads otherwise. */
function secret(): string {
  return randomBytes(30).toString('base64url');
}
