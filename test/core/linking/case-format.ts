import * as z from 'zod';

/** Strict throughout: a misspelt field would be an expectation that nothing compares. */
const eventIDs = z.array(z.string());

/** The fields given must be so; null: no origin is known. */
const origin = z
  .strictObject({
    type: z.string(),
    arn: z.string().nullable(),
    principalId: z.string().nullable(),
    accountId: z.string().nullable(),
    userName: z.string().nullable(),
    invokedBy: z.string().nullable(),
    identityProvider: z.string().nullable(),
    onBehalfOf: z.string().nullable(),
    workload: z.string().nullable(),
  })
  .partial()
  .nullable();

const status = z.enum(['linked', 'unlinked', 'ambiguous', 'delivered', 'unknown', 'claimed']);
const joinedBy = z.array(
  z.enum(['exact-key', 'shared-event', 'principal-and-creation-date', 'grant', 'lake-formation', 'claimed']),
);
/** a part of the text; null: there is no reason to give */
const reason = z.string().min(1).nullable();

const expectedCall = z.strictObject({
  eventID: z.string(),
  status,
  issuerEventIDs: eventIDs,
  depth: z.int(),
  origin,
  chain: z.array(eventIDs).optional(),
  joinedBy: joinedBy.optional(),
  reason: reason.optional(),
  note: z.enum(['completed-after-expiry', 'credential-refused']).optional(),
});

const expectedSession = z
  .strictObject({
    accessKeyId: z.string().optional(),
    session: z.string().optional(),
    principalId: z.string().optional(),
    status,
    calls: z.int(),
    flags: z.array(z.string()).optional(),
    claims: eventIDs.optional(),
    asClaimed: z
      .strictObject({ chain: z.array(eventIDs), joinedBy, origin: origin.optional() })
      .nullable()
      .optional(),
    reason: reason.optional(),
    origin: origin.optional(),
    onBehalfOf: z.string().optional(),
    issuerEventIDs: eventIDs.optional(),
    chain: z.array(eventIDs).optional(),
    joinedBy: joinedBy.optional(),
    arn: z.string().optional(),
    roleArn: z.string().nullable().optional(),
    sessionName: z.string().nullable().optional(),
    sourceIdentity: z.string().nullable().optional(),
    issuedAt: z.string().nullable().optional(),
    expiresAt: z.string().nullable().optional(),
  })
  .refine(({ accessKeyId, session }) => (accessKeyId === undefined) !== (session === undefined), {
    error: 'a session is told by its accessKeyId or, at the console, by its session',
  });

const linkingCase = z.strictObject({
  name: z.string(),
  roles: z.array(z.string()).min(1),
  partnerEvents: eventIDs.optional(),
  records: z.array(z.record(z.string(), z.unknown())).min(1),
  expected: z.strictObject({
    calls: z.array(expectedCall),
    sessions: z.array(expectedSession).optional(),
    denied: z.array(z.strictObject({ eventID: z.string(), role: z.string() })).optional(),
    absent: eventIDs.optional(),
    refused: eventIDs.optional(),
    duplicates: z.int().optional(),
  }),
});

export type LinkingCase = z.infer<typeof linkingCase>;
export type ExpectedCall = z.infer<typeof expectedCall>;
export type ExpectedSession = z.infer<typeof expectedSession>;

/** One case as its file has it. Throws an Error that names every field that is wrong, missing or unknown. */
export function readCase(value: unknown): LinkingCase {
  const read = linkingCase.safeParse(value);
  if (!read.success) throw new Error(z.prettifyError(read.error));
  checkEventIDs(read.data);
  return read.data;
}

// An expectation about a record that is not there would hold without saying anything.
function checkEventIDs({ records, partnerEvents = [], expected }: LinkingCase): void {
  const known = new Set(records.map(record => record.eventID));
  const named = [
    ...partnerEvents,
    ...expected.calls.flatMap(call => [call.eventID, ...call.issuerEventIDs, ...(call.chain ?? []).flat()]),
    ...(expected.sessions ?? []).flatMap(each => [
      ...(each.issuerEventIDs ?? []),
      ...(each.chain ?? []).flat(),
    ]),
    ...(expected.denied ?? []).map(each => each.eventID),
    ...(expected.absent ?? []),
    ...(expected.refused ?? []),
  ];
  const unknown = named.find(eventID => !known.has(eventID));
  if (unknown !== undefined) throw new Error(`no record has the eventID ${unknown}`);
}
