import { randomUUID } from 'node:crypto';
import type { Caller } from './contract.ts';
import type { RoleCredentials } from './lambda/environment.ts';
import type { Deployment } from './template/deployment.ts';
import { partitionOf } from './template/names.ts';
import { Unsupported } from './template/unsupported.ts';

/** Credentials of the person at the keyboard: the same at every start, so that they can be written into a script. */
export const operatorCredentials = { accessKeyId: 'AKIAROLETRAILOPERATE', secretAccessKey: 'operator' };

/** Everyone who may call the embedded cloud, by access key id. */
export class Callers {
  readonly #byKey = new Map<string, Caller>();
  readonly #deployment: Deployment;
  readonly #operator: Caller;

  constructor(deployment: Deployment) {
    this.#deployment = deployment;
    const { account, region } = deployment;
    const arn = `arn:${partitionOf(region)}:iam::${account}:user/operator`;
    this.#operator = { kind: 'operator', name: 'operator', arn };
    this.#byKey.set(operatorCredentials.accessKeyId, this.#operator);
  }

  /** The person at the keyboard. */
  get operator(): Caller {
    return this.#operator;
  }

  /** Who owns an access key id; undefined for one that was never handed out. */
  find(accessKeyId: string): Caller | undefined {
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
    const unique = randomUUID().replaceAll('-', '').toUpperCase();
    const accessKeyId = `ASIA${unique.slice(0, 16)}`;
    this.#byKey.set(accessKeyId, this.underRole(roleArn, session));
    return { accessKeyId, secretAccessKey: unique, sessionToken: `local-${unique}` };
  }
}
