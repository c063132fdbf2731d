import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { bounded } from './runtime/clients.ts';
import { readEnvironment } from './runtime/environment.ts';
import { stepHandler } from './runtime/handler.ts';
import { readSettings } from './runtime/settings.ts';
import { LedgerTable } from './store/ledger-table.ts';
import { readRetention } from './store/retention.ts';
import { readFiles, rolesHash } from './transport/ledger-files.ts';
import type { Batch, DataRef } from './transport/payloads.ts';
import { WorkData } from './transport/work-data.ts';

/** The state machine brings only batches of log files here: partners' events have no files. */
export type LedgerInput = Batch & { files: DataRef };

export interface LedgerDependencies {
  table: Pick<LedgerTable, 'mark'>;
  work: WorkData;
  execution: string;
  /** the digest of the audited roles */
  roles: string;
  now: () => Date;
}

/**
 * Marks the batch's files as processed: the last state, because a file that was only seen, and whose execution failed
 * later, must be read again when CloudTrail delivers it again. Files that were refused are not among them.
 */
export async function ledger(input: LedgerInput, deps: LedgerDependencies): Promise<LedgerInput> {
  const { table, work, execution, roles, now } = deps;
  const at = now().toISOString();
  const files = await readFiles(work, input.files);
  await table.mark(
    files.map(({ source: _, candidates: __, ...file }) => ({ ...file, roles, execution, at })),
  );
  return { ...input, step: 'Ledger' };
}

function prepare() {
  const environment = readEnvironment('ledger');
  return {
    s3: new S3Client(bounded),
    bucket: environment.WORK_BUCKET,
    table: new LedgerTable(
      new DynamoDBClient(bounded),
      environment.LEDGER_TABLE,
      readRetention(environment.RETENTION_DAYS),
    ),
    roles: rolesHash(readSettings('ledger').auditedRoles),
  };
}

export const handler = stepHandler(
  'Ledger',
  prepare,
  (input: LedgerInput, { s3, bucket, table, roles }, { execution }) => {
    const work = new WorkData(s3, bucket, execution);
    return ledger(input, { table, work, execution, roles, now: () => new Date() });
  },
);
