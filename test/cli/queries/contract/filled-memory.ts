import type { ExecutionEvent } from '../../../../cli/queries/execution-store.ts';
import type { Store } from '../../../../cli/queries/store.ts';
import { digestRecord, fileVerdicts } from '../../../../core/digests/records.ts';
import { useOf } from '../../../../core/linking/use.ts';
import { agentOf } from '../../../../core/records/evidence.ts';
import type { NewEvidence } from '../../../../steps/store/evidence-item.ts';
import { executionArn } from '../../../local/services-fixture.ts';
import { type HeldCall, memoryStore } from '../memory-store.ts';
import type { Given } from './given.ts';

/** The store in memory with all that is given. */
export async function filledMemory(given: Given): Promise<{ store: Store; close(): Promise<void> }> {
  const at = '2025-03-11T12:00:00.000Z';
  const store = memoryStore({
    evidence: given.records.map(({ event, text }) => ({
      ...{ eventID: event.eventID, recipientAccountId: event.recipientAccountId },
      ...{ provenance: event.provenance, digest: event.hash, source: event.source },
      ...{ execution: 'the-execution', record: text },
    })),
    calls: given.records.flatMap(callOf),
    answers: given.sessions,
    repeated: Object.fromEntries(Object.entries(given.repeated).map(([key, answer]) => [key, [answer]])),
    alerts: given.alerts.map(({ session, alerted, explained }) => ({
      ...{ credential: session.credential, session: session.session },
      ...{
        state: explained ? 'explained' : 'alerted',
        noticedAt: '2025-03-11T12:00:00Z',
        alertedAt: alerted,
      },
      ...{ explainedAt: explained ?? null, putOff: null, at: `${session.began}#${session.session}` },
    })),
    refused: given.attempts,
    files: given.files,
    verdicts: given.digests.flatMap(result => fileVerdicts(result, at)),
    digests: given.digests.map(result => digestRecord(result, at)),
    objects: given.objects,
    publicKeys: given.publicKeys,
    executions: given.executions.map(({ name, input, fails }, n) => ({
      ...{ name, status: fails ? 'FAILED' : 'SUCCEEDED', arn: executionArn(name) },
      ...{ started: `2025-03-11T09:00:0${n}Z`, ended: `2025-03-11T09:00:0${n}Z` },
      input: JSON.stringify(fails ? { ...input, fails } : input),
      output: fails ? null : JSON.stringify(input),
      ...(fails ? { error: 'Broken', cause: 'it is broken' } : { error: null, cause: null }),
    })),
    histories: Object.fromEntries(
      given.executions.map(({ name, input, fails }) => [
        executionArn(name),
        historyOf(JSON.stringify(fails ? { ...input, fails } : input), fails),
      ]),
    ),
    definition: '{"StartAt":"Fetch"}',
    quarantined: given.quarantined.map(({ header, refusals }) => ({
      ...{
        key: `quarantine/${header.at.slice(0, 10)}/${header.execution}.ndjson`,
        header,
        refusals,
        arrived: [],
      },
    })),
    retried: given.retried,
  });
  return { store, close: async () => {} };
}

function callOf({ event }: NewEvidence): HeldCall[] {
  const { credential, caller, amends, sharedEventID, userAgent } = event;
  if (credential === null) return [];
  const { eventID, recipientAccountId, provenance, eventTime, eventName, eventSource } = event;
  const { awsRegion, errorCode, sourceIPAddress } = event;
  const call = {
    eventID,
    recipientAccountId,
    provenance,
    eventTime,
    eventName,
    eventSource,
    awsRegion,
    errorCode,
  };
  const more = {
    sourceIPAddress,
    agent: agentOf(userAgent),
    use: useOf(event).hash,
    request: amends ?? sharedEventID,
  };
  return [{ ...call, ...more, amends, credential, accessKeyId: caller.accessKeyId }];
}

function historyOf(input: string, fails: true | undefined): ExecutionEvent[] {
  const event = (type: string, more: Partial<ExecutionEvent> = {}): ExecutionEvent => ({
    ...{
      id: 0,
      type,
      at: '2025-03-11T09:00:00Z',
      state: null,
      input: null,
      output: null,
      error: null,
      cause: null,
    },
    ...more,
  });
  const failure = { error: 'Broken', cause: 'it is broken' };
  const began = [
    event('ExecutionStarted'),
    event('TaskStateEntered', { state: 'Fetch', input }),
    event('TaskScheduled'),
  ];
  const ended = fails
    ? [event('TaskFailed', failure), event('ExecutionFailed', failure)]
    : [
        event('TaskSucceeded'),
        event('TaskStateExited', { state: 'Fetch', output: input }),
        event('SucceedStateEntered', { state: 'Done', input }),
        event('SucceedStateExited', { state: 'Done', output: input }),
        event('ExecutionSucceeded'),
      ];
  return [...began, ...ended].map((each, n) => ({ ...each, id: n + 1 }));
}
