import { uuid } from './ids.ts';

/** Who stands at the end of a chain, as far as it is known. */
export type Origin = { type: string } & Partial<
  Record<
    'arn' | 'principalId' | 'invokedBy' | 'accountId' | 'userName' | 'identityProvider' | 'onBehalfOf',
    string
  >
>;

/**
 * What a person who knows the story says of one credential. Records go by their names in the story. Nothing here is
 * worked out from the records: the answers are compared with it.
 */
export interface Answer {
  session: string;
  /** null at the console, which signs each request with a key of its own */
  accessKeyId: string | null;
  role: string;
  /**
   * delivered: AWS logs no issuance of such a credential, and its calls name who has it; unknown: the logs do not cover the
   * place where its issuance would stand
   */
  status: 'linked' | 'unlinked' | 'delivered' | 'unknown';
  /** not an audited role's: it is there because an audited role was assumed with it */
  hop?: true;
  /** who the origin itself acts for cannot be known: its credential was issued out of sight */
  open?: true;
  /** the credential's own issuance first; of each hop all copies that arrived */
  chain: string[][];
  origin: Origin | null;
  calls: string[];
  /** calls with the credential that it cannot have been used for: outside its life */
  strays?: string[];
  /** what an investigator should look at */
  flags?: string[];
}

export interface Expected {
  calls: object[];
  sessions: object[];
  summary: Record<string, number>;
  denied: string[];
  absent: string[];
}

/** expected.json of a story: the answers with eventIDs in the place of names. */
export function expected(
  answers: Answer[],
  rest: Pick<Expected, 'summary' | 'denied' | 'absent'>,
  id: (name: string) => string = uuid,
): Expected {
  const ids = (chain: string[][]) => chain.map(hop => hop.map(id));
  return {
    calls: answers.flatMap(({ calls, strays = [], status, chain, origin, open, hop }) => [
      ...calls.map(name => ({
        eventID: id(name),
        name,
        status,
        ...(hop && { hop }),
        ...(open && { open }),
        issuerEventIDs: ids(chain)[0] ?? [],
        depth: chain.length,
        chain: ids(chain),
        origin,
      })),
      ...strays.map(name => ({
        eventID: id(name),
        name,
        status: 'unlinked',
        stray: true,
        issuerEventIDs: [],
        depth: 0,
        chain: [],
        origin: null,
      })),
    ]),
    sessions: answers.map(
      ({ session, accessKeyId, role, status, hop, open, chain, origin, calls, strays = [], flags = [] }) => ({
        accessKeyId,
        sessionName: session,
        role,
        status,
        ...(hop && { hop }),
        ...(open && { open }),
        issuerEventIDs: ids(chain)[0] ?? [],
        depth: chain.length,
        origin,
        calls: calls.length + strays.length,
        flags,
      }),
    ),
    summary: rest.summary,
    denied: rest.denied.map(id),
    absent: rest.absent.map(id),
  };
}
