import { RemovalPolicy } from 'aws-cdk-lib';
import {
  AttributeType,
  BillingMode,
  ProjectionType,
  Table,
  TableEncryption,
  type TableProps,
} from 'aws-cdk-lib/aws-dynamodb';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import {
  endAttribute,
  evidenceTable,
  idempotencyTable,
  ledgerTable,
  lookupsTable,
  sendersTable,
  sessionsTable,
  type TableSchema,
} from '../steps/store/tables.ts';
import { acknowledge } from './acknowledge.ts';
import { protectedTable, type Removal } from './removal.ts';

const attribute = (name: string) => ({ name, type: AttributeType.STRING });

/** The tables, as `steps/store/tables.ts` defines them. Evidence and the answers drawn from it outlive the stack. */
export class Tables extends Construct {
  readonly evidence: Table;
  readonly sessions: Table;
  readonly ledger: Table;
  readonly lookups: Table;
  readonly idempotency: Table;
  readonly senders: Table;

  /** `forgets`: evidence, sessions, ledger and look-ups have an end; else nothing of them is ever deleted */
  constructor(
    scope: Construct,
    id: string,
    { key, removal, forgets }: { key: IKey; removal: Removal; forgets: boolean },
  ) {
    super(scope, id);
    const common = {
      billingMode: BillingMode.PAY_PER_REQUEST,
      encryption: TableEncryption.CUSTOMER_MANAGED,
      encryptionKey: key,
    } satisfies Partial<TableProps>;
    const kept = {
      ...common,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      ...protectedTable(removal),
      ...(forgets && { timeToLiveAttribute: endAttribute }),
    };
    this.evidence = createTable(this, 'Evidence', evidenceTable, kept);
    this.sessions = createTable(this, 'Sessions', sessionsTable, kept);
    this.ledger = createTable(this, 'Ledger', ledgerTable, kept);
    this.lookups = createTable(this, 'Lookups', lookupsTable, kept);
    const forgetful = (id: string, { partition, ttl }: { partition: string; ttl: string }) =>
      new Table(this, id, {
        ...common,
        partitionKey: attribute(partition),
        timeToLiveAttribute: ttl,
        removalPolicy: RemovalPolicy.DESTROY,
      });
    this.idempotency = forgetful('Idempotency', idempotencyTable);
    this.senders = forgetful('Senders', sendersTable);
    acknowledge(this.idempotency, {
      'AwsSolutions-DDB3':
        'Its items only guard retries and expire; a lost one costs a repeated, conditional write.',
    });
    acknowledge(this.senders, {
      'AwsSolutions-DDB3':
        'Its items count what was refused within an hour and expire; a lost one lets a sender fill another hundred entries.',
    });
  }
}

function createTable(
  scope: Construct,
  id: string,
  schema: TableSchema,
  props: Omit<TableProps, 'partitionKey'>,
) {
  const table = new Table(scope, id, {
    ...props,
    partitionKey: attribute(schema.partition),
    sortKey: attribute(schema.sort),
  });
  for (const [indexName, { partition, sort, project }] of Object.entries(schema.indexes)) {
    table.addGlobalSecondaryIndex({
      indexName,
      partitionKey: attribute(partition),
      sortKey: attribute(sort),
      ...(project === 'ALL'
        ? { projectionType: ProjectionType.ALL }
        : { projectionType: ProjectionType.INCLUDE, nonKeyAttributes: project }),
    });
  }
  return table;
}
