import { type KeyAction, type Need, ServiceError } from '../../contract.ts';
import { partiqlNeed } from './partiql.ts';

type Input = Record<string, unknown>;

const transactionActions: Record<string, string> = {
  Put: 'dynamodb:PutItem',
  Update: 'dynamodb:UpdateItem',
  Delete: 'dynamodb:DeleteItem',
  ConditionCheck: 'dynamodb:ConditionCheckItem',
  Get: 'dynamodb:GetItem',
};

/** DynamoDB decrypts the table's key for whoever reads or writes items (DynamoDB guide, encryption at rest, usage notes). */
export function keyUseOf(operation: string): readonly KeyAction[] {
  return /Item|Query|Scan|Statement|ExecuteTransaction/.test(operation) ? ['kms:Decrypt'] : [];
}

type NeedsOf = (asked: {
  operation: string;
  action: string;
  input: Input;
  tableArn: (name: string) => string;
}) => Need[];

const onTable: NeedsOf = ({ operation, action, input, tableArn }) => [
  { action, resource: tableArn(tableName(input, operation)) },
];
const onIndex: NeedsOf = ({ operation, action, input, tableArn }) => {
  const index = input.IndexName === undefined ? '' : `/index/${input.IndexName}`;
  return [{ action, resource: `${tableArn(tableName(input, operation))}${index}` }];
};
const onAll: NeedsOf = ({ action }) => [{ action, resource: '*' }];
const onArn: NeedsOf = ({ action, input }) => [{ action, resource: String(input.ResourceArn) }];
const onItems: NeedsOf = ({ operation, action, input, tableArn }) =>
  Object.keys(record(input.RequestItems, operation)).map(TableName => ({
    action,
    resource: tableArn(tableName({ TableName }, operation)),
  }));
const onTransaction: NeedsOf = ({ operation, input, tableArn }) =>
  list(input.TransactItems, operation).flatMap(item =>
    Object.entries(item).map(([kind, of]) => ({
      action: transactionAction(kind),
      resource: tableArn(tableName(of, operation)),
    })),
  );
const onStatements =
  (field: string): NeedsOf =>
  ({ operation, input, tableArn }) =>
    distinct(list(input[field], operation).map(each => partiqlNeed(each.Statement, tableArn)));

/** DynamoDB's operations, each with what it is about; the engine has more, which are refused. */
export const dynamoDbOperations: Record<string, NeedsOf> = {
  GetItem: onTable,
  PutItem: onTable,
  UpdateItem: onTable,
  DeleteItem: onTable,
  Query: onIndex,
  Scan: onIndex,
  BatchGetItem: onItems,
  BatchWriteItem: onItems,
  TransactGetItems: onTransaction,
  TransactWriteItems: onTransaction,
  ExecuteStatement: ({ input, tableArn }) => [partiqlNeed(input.Statement, tableArn)],
  BatchExecuteStatement: onStatements('Statements'),
  ExecuteTransaction: onStatements('TransactStatements'),
  CreateTable: onTable,
  DescribeTable: onTable,
  UpdateTable: onTable,
  DeleteTable: onTable,
  DescribeTimeToLive: onTable,
  UpdateTimeToLive: onTable,
  ListTables: onAll,
  DescribeLimits: onAll,
  DescribeEndpoints: onAll,
  ListTagsOfResource: onArn,
  TagResource: onArn,
  UntagResource: onArn,
};

/**
 * The IAM actions a DynamoDB request needs, on tables and indexes (Service Authorization Reference, "Actions, resources,
 * and condition keys for Amazon DynamoDB"). Throws UnknownOperationException for an operation that is not supported,
 * ValidationException for an input that does not say what it is about.
 */
export function dynamoDbNeeds(operation: string, input: Input, tableArn: (name: string) => string): Need[] {
  const needsOf = Object.hasOwn(dynamoDbOperations, operation) ? dynamoDbOperations[operation] : undefined;
  if (!needsOf) {
    throw new ServiceError(
      'UnknownOperationException',
      `${operation} is not supported by the embedded DynamoDB`,
    );
  }
  return needsOf({ operation, action: `dynamodb:${operation}`, input, tableArn });
}

function transactionAction(kind: string): string {
  const action = transactionActions[kind];
  if (!action) throw new ServiceError('ValidationException', `a transaction has no ${kind}`);
  return action;
}

/** The same statement for 25 items is one question. */
function distinct(needs: Need[]): Need[] {
  return [...new Map(needs.map(need => [`${need.action} ${need.resource}`, need])).values()];
}

/** A table is named, or given as `arn:aws:dynamodb:region:account:table/name`. */
function tableName(holder: unknown, operation: string): string {
  const value = record(holder, operation).TableName;
  if (typeof value !== 'string') throw new ServiceError('ValidationException', `${operation} names no table`);
  return value.startsWith('arn:') ? (value.split('/')[1] ?? value) : value;
}

function record(value: unknown, operation: string): Input {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Input;
  throw new ServiceError(
    'ValidationException',
    `${operation} lacks a part that says which tables it is about`,
  );
}

function list(value: unknown, operation: string): Input[] {
  if (Array.isArray(value)) return value.map(item => record(item, operation));
  throw new ServiceError('ValidationException', `${operation} lacks the list of what it is about`);
}
