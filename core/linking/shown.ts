import { isReservedRole } from '../identities/grants.ts';
import type { Caller } from '../records/event.ts';
import type { Principal } from './principal.ts';

/** What a call, or the caller of an issuance, shows of the session it was made in. */
export interface Shown extends Principal {
  type: string;
  creationDate: string | null;
  /** the role (or user) the session acts for */
  issuerArn: string | null;
  sourceIdentity: string | null;
  /** the Identity Center user behind it */
  onBehalfOf: string | null;
  /** who a web identity provider vouches for: `PROVIDER SUBJECT` */
  webIdentity: string | null;
  /** ARN of the function or instance the credentials were issued to */
  inScopeOf: string | null;
  /** a service made the call, for itself or for the session's holder; a caller cannot choose that */
  byService: boolean;
  /** the service through which an AI agent made the call */
  agent: string | null;
  fromConsole: boolean;
  /** null: the record does not say */
  mfa: boolean | null;
  signInSessionArn: string | null;
  /** account of the product provider that acted */
  delegate: string | null;
}

/** What an identity shows. `sourceIPAddress`: for a call that a service made, the service's name (record contents). */
export function shownBy(caller: Caller, sourceIPAddress: string | null = null): Shown {
  const { session } = caller;
  const web = session?.webIdentity;
  return {
    type: caller.type,
    arn: caller.arn,
    principalId: caller.principalId,
    creationDate: session?.creationDate ?? null,
    issuerArn: session?.issuer?.arn ?? null,
    sourceIdentity: session?.sourceIdentity ?? null,
    onBehalfOf: caller.onBehalfOf?.userId ?? null,
    webIdentity: web ? `${web.provider} ${web.subject}` : null,
    inScopeOf: caller.inScopeOf,
    byService: isService(caller.invokedBy) || isService(sourceIPAddress),
    agent: [caller.invokedBy, sourceIPAddress].find(name => name !== null && agentServices.has(name)) ?? null,
    fromConsole: session?.fromConsole ?? false,
    mfa: session?.mfa ?? null,
    signInSessionArn: session?.signInSessionArn ?? null,
    delegate: caller.delegate,
  };
}

/** Services through which AI agents call AWS (agent toolkit guide, AWS MCP server). */
const agentServices: ReadonlySet<string> = new Set(['aws-mcp.amazonaws.com']);

const serviceName = /^(?:[a-z0-9.-]+\.amazonaws\.com(?:\.cn)?|AWS Internal(?:\/\d+|\/#)?)$/;

/** A service's name, or `AWS Internal`, `AWS Internal/#` where AWS does not say which (record contents). */
export function isService(name: string | null): boolean {
  return name !== null && serviceName.test(name);
}

/** Does the record itself say that its key is one which no record issues? Beside it, a sign-in on record says so. */
export function hasMark(shown: Shown): boolean {
  return (
    shown.byService || shown.fromConsole || shown.signInSessionArn !== null || isReservedRole(shown.issuerArn)
  );
}
