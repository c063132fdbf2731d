import { type KeyAction, type Need, ServiceError } from '../../contract.ts';
import { partiqlNeed } from './partiql.ts';

type Input = Record<string, unknown>;

/** Operations on the table that TableName says. */
const onTable = [
  ...['GetItem', 'PutItem', 'UpdateItem', 'DeleteItem'],
  ...['CreateTable', 'DescribeTable', 'UpdateTable', 'DeleteTable', 'DescribeTimeToLive', 'UpdateTimeToLive'],
];
const onIndex = ['Query', 'Scan'];
const onAll = ['ListTables', 'DescribeLimits', 'DescribeEndpoints'];
const onArn = ['ListTagsOfResource', 'TagResource', 'UntagResource'];
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

/**
 * The IAM actions a DynamoDB request needs, on tables and indexes (Service Authorization Reference, "Actions, resources,
 * and condition keys for Amazon DynamoDB"). Throws UnknownOperationException for an operation that is not supported,
 * ValidationException for an input that does not say what it is about.
 */
export function dynamoDbNeeds(operation: string, input: Input, tableArn: (name: string) => string): Need[] {
  const action = `dynamodb:${operation}`;
  const table = (holder: unknown) => tableArn(tableName(holder, operation));
  if (onTable.includes(operation)) return [{ action, resource: table(input) }];
  if (onIndex.includes(operation)) {
    const index = input.IndexName === undefined ? '' : `/index/${input.IndexName}`;
    return [{ action, resource: `${table(input)}${index}` }];
  }
  if (onAll.includes(operation)) return [{ action, resource: '*' }];
  if (onArn.includes(operation)) return [{ action, resource: String(input.ResourceArn) }];
  switch (operation) {
    case 'BatchGetItem':
    case 'BatchWriteItem':
      return Object.keys(record(input.RequestItems, operation)).map(TableName => ({
        action,
        resource: table({ TableName }),
      }));
    case 'TransactGetItems':
    case 'TransactWriteItems':
      return list(input.TransactItems, operation).flatMap(item =>
        Object.entries(item).map(([kind, of]) => ({ action: transactionAction(kind), resource: table(of) })),
      );
    case 'ExecuteStatement':
      return [partiqlNeed(input.Statement, tableArn)];
    case 'BatchExecuteStatement':
      return distinct(list(input.Statements, operation).map(each => partiqlNeed(each.Statement, tableArn)));
    case 'ExecuteTransaction':
      return distinct(
        list(input.TransactStatements, operation).map(each => partiqlNeed(each.Statement, tableArn)),
      );
    default:
      throw new ServiceError(
        'UnknownOperationException',
        `${operation} is not supported by the embedded DynamoDB`,
      );
  }
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
