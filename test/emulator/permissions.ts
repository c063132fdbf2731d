import type { Ministack } from './ministack.ts';
import { NotOk } from './step.ts';

interface Policy {
  Statement: { Action: string | string[]; [field: string]: unknown }[];
}

/** What the roles of the deployed functions may, read and changed through the emulator's IAM. */
export class Permissions {
  readonly #emulator: Ministack;

  constructor(emulator: Ministack) {
    this.#emulator = emulator;
  }

  /** The emulator asks for `dynamodb:BatchExecuteStatement`, an action AWS does not have: AWS asks for PartiQLInsert. */
  async mend(): Promise<number> {
    const roles = await this.#roles();
    const Statement = [{ Effect: 'Allow', Action: 'dynamodb:BatchExecuteStatement', Resource: '*' }];
    for (const RoleName of roles) await this.#put(RoleName, 'emulator', { Version: '2012-10-17', Statement });
    return roles.length;
  }

  /** Takes an action from the role whose name holds `part`. Answers whether it had it. */
  async take(part: string, action: string): Promise<boolean> {
    const RoleName = (await this.#roles()).find(name => name.includes(part));
    if (!RoleName) throw new NotOk(`no role of the stack is named *${part}*`);
    let had = false;
    for (const PolicyName of await this.#list('ListRolePolicies', 'member', { RoleName })) {
      const [document = '{}'] = await this.#list('GetRolePolicy', 'PolicyDocument', { RoleName, PolicyName });
      const policy = JSON.parse(decodeURIComponent(document)) as Policy;
      for (const statement of policy.Statement) {
        const actions = [statement.Action].flat();
        if (!actions.includes(action)) continue;
        had = true;
        statement.Action = actions.filter(each => each !== action);
      }
      await this.#put(RoleName, PolicyName, policy);
    }
    return had;
  }

  /** Runs the watch, whose schedule comes only after five minutes. */
  async runWatch(): Promise<void> {
    const functions = JSON.parse(await this.#call('lambda', 'GET', '/2015-03-31/functions?MaxItems=50')) as {
      Functions: { FunctionName: string }[];
    };
    const watch = functions.Functions.find(({ FunctionName }) => /^roletrail-.*Watch/.test(FunctionName));
    if (!watch) throw new NotOk('the stack has no function of the watch');
    const answer = await this.#call(
      'lambda',
      'POST',
      `/2015-03-31/functions/${watch.FunctionName}/invocations`,
      '{}',
    );
    if (/errorType/.test(answer)) throw new NotOk('the watch failed', answer);
  }

  #roles(): Promise<string[]> {
    return this.#list('ListRoles', 'RoleName', { MaxItems: '1000' }).then(names =>
      names.filter(name => name.startsWith('roletrail-')),
    );
  }

  #put(RoleName: string, PolicyName: string, policy: object): Promise<string> {
    return this.#iam('PutRolePolicy', { RoleName, PolicyName, PolicyDocument: JSON.stringify(policy) });
  }

  async #list(action: string, element: string, input: Record<string, string>): Promise<string[]> {
    const answer = await this.#iam(action, input);
    const found = answer.matchAll(new RegExp(`<${element}>([^<]*)</${element}>`, 'g'));
    return [...found].map(([, value = '']) => plainText(value));
  }

  #iam(Action: string, input: Record<string, string>): Promise<string> {
    const body = new URLSearchParams({ Action, Version: '2010-05-08', ...input }).toString();
    return this.#call('iam', 'POST', '/', body, 'application/x-www-form-urlencoded');
  }

  /** The emulator reads who asks from the header and checks no signature. */
  async #call(
    service: string,
    method: string,
    path: string,
    body = '',
    type = 'application/json',
  ): Promise<string> {
    const { AWS_ACCESS_KEY_ID: key } = this.#emulator.environment();
    const authorization = `AWS4-HMAC-SHA256 Credential=${key}/20250101/us-east-1/${service}/aws4_request, SignedHeaders=host, Signature=0`;
    const response = await fetch(new URL(path, this.#emulator.endpoint), {
      method,
      headers: { authorization, 'content-type': type },
      ...(method === 'POST' && { body }),
    });
    const answer = await response.text();
    if (!response.ok) throw new NotOk(`${service} answers ${response.status}`, answer);
    return answer;
  }
}

function plainText(value: string): string {
  return value
    .replaceAll('&quot;', '"')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}
