import { PutObjectCommand } from '@aws-sdk/client-s3';
import { StartExecutionCommand } from '@aws-sdk/client-sfn';
import { StateMachineExecutions } from '../../../../cli/deployment/execution-queries.ts';
import { BucketQuarantine } from '../../../../cli/deployment/quarantine-queries.ts';
import { TrailBucket } from '../../../../cli/deployment/trail-queries.ts';
import type { Store } from '../../../../cli/queries/store.ts';
import { knownKeys } from '../../../../core/digests/public-keys.ts';
import { listed } from '../../../../core/linking/listed.ts';
import { AlertsTable } from '../../../../steps/store/alerts-table.ts';
import { EvidenceTable } from '../../../../steps/store/evidence-table.ts';
import { IntegrityTable } from '../../../../steps/store/integrity-table.ts';
import { LedgerTable } from '../../../../steps/store/ledger-table.ts';
import { LookupWriter } from '../../../../steps/store/lookup-writer.ts';
import { LookupsTable } from '../../../../steps/store/lookups-table.ts';
import { NamesTable } from '../../../../steps/store/names-table.ts';
import { quarantineObject } from '../../../../steps/store/quarantine-store.ts';
import { RefusedTable } from '../../../../steps/store/refused-table.ts';
import { SessionsTable } from '../../../../steps/store/sessions-table.ts';
import {
  evidenceTable,
  ledgerTable,
  lookupsTable,
  retriedPrefix,
  sessionsTable,
} from '../../../../steps/store/tables.ts';
import { tableOf } from '../../../local/dynamodb-fixture.ts';
import { servicesFixture } from '../../../local/services-fixture.ts';
import { bucket, type Given } from './given.ts';

const none = { answers: [], basis: [] };

/** The store as it is deployed, over the embedded cloud's services, filled as the steps fill it. */
export async function embeddedStore(given: Given): Promise<{ store: Store; close(): Promise<void> }> {
  const tables = [
    tableOf('evidence', evidenceTable),
    tableOf('sessions', sessionsTable),
    tableOf('ledger', ledgerTable),
    tableOf('lookups', lookupsTable),
  ];
  const services = await servicesFixture(tables, [bucket, 'work']);
  const { dynamo, s3, sfn, machineArn } = services;
  const stored = {
    evidence: new EvidenceTable(dynamo, 'evidence'),
    sessions: new SessionsTable(dynamo, 'sessions'),
    alerts: new AlertsTable(dynamo, 'sessions'),
    ledger: new LedgerTable(dynamo, 'ledger'),
    integrity: new IntegrityTable(dynamo, 'ledger'),
  };
  await fillTables(given, stored);
  await fileRecords(given, new LookupWriter(dynamo, 'lookups'));
  for (const [Key, { bytes, metadata }] of given.objects)
    await s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body: bytes, Metadata: metadata }));
  for (const { header, refusals } of given.quarantined) await quarantineObject(s3, 'work', header, refusals);
  for (const id of given.retried)
    await s3.send(new PutObjectCommand({ Bucket: 'work', Key: retriedPrefix + id, Body: 'x' }));
  for (const { name, input, fails } of given.executions) {
    const text = JSON.stringify({ ...input, ...(fails && { fails }) });
    await sfn.send(new StartExecutionCommand({ stateMachineArn: machineArn, name, input: text }));
    await services.ended(name);
  }
  return {
    store: {
      ...stored,
      graceMinutes: 60,
      records: new LookupsTable(dynamo, 'lookups'),
      retentionDays: null,
      names: new NamesTable(dynamo, 'sessions'),
      refused: new RefusedTable(dynamo, 'sessions'),
      executions: new StateMachineExecutions(sfn, machineArn),
      quarantine: new BucketQuarantine(s3, 'work'),
      trail: new TrailBucket(s3, { bucket, account: '999999999999', keys: knownKeys(given.publicKeys) }),
    },
    close: services.close,
  };
}

/** As Persist files them. */
async function fileRecords({ records }: Given, lookups: LookupWriter): Promise<void> {
  for (const { event, text } of records)
    if (event.provenance === 'trail') lookups.add(listed(event, JSON.parse(text)), event.source);
  await lookups.finish();
}

interface Tables {
  evidence: EvidenceTable;
  sessions: SessionsTable;
  alerts: AlertsTable;
  ledger: LedgerTable;
  integrity: IntegrityTable;
}

async function fillTables(
  given: Given,
  { evidence, sessions, alerts, ledger, integrity }: Tables,
): Promise<void> {
  await evidence.write(given.records, 'the-execution', new Map());
  const own = given.sessions.map(each => [each.credential, each] as const);
  for (const [credential, each] of [...own, ...Object.entries(given.repeated)])
    await sessions.replace(credential, none, { answers: [each], basis: ['one'] });
  const noFacts = { issuances: new Map(), uses: new Map(), children: new Map(), claimedChildren: new Map() };
  await sessions.writeFacts({ ...noFacts, refused: given.attempts });
  for (const { session, alerted, explained } of given.alerts) {
    await alerts.notice([session], '2025-03-11T12:00:00Z');
    await alerts.alerted(session, alerted);
    if (explained) await alerts.explained(session, explained);
  }
  await ledger.mark(given.files.map(file => ({ ...file, records: 1, kept: 1, roles: 'r' })));
  for (const result of given.digests) await integrity.keep(result, new Date('2025-03-11T12:00:00Z'));
}
