import { type Need, ServiceError } from '../contract.ts';

type Input = Record<string, unknown>;

const onTable = new Set([
  'GetItem',
  'PutItem',
  'UpdateItem',
  'DeleteItem',
  'DescribeTable',
  'DescribeTimeToLive',
]);
const onIndex = new Set(['Query', 'Scan']);
const statementActions: Record<string, string> = {
  INSERT: 'dynamodb:PartiQLInsert',
  UPDATE: 'dynamodb:PartiQLUpdate',
  DELETE: 'dynamodb:PartiQLDelete',
  SELECT: 'dynamodb:PartiQLSelect',
};
const transactionActions: Record<string, string> = {
  Put: 'dynamodb:PutItem',
  Update: 'dynamodb:UpdateItem',
  Delete: 'dynamodb:DeleteItem',
  ConditionCheck: 'dynamodb:ConditionCheckItem',
  Get: 'dynamodb:GetItem',
};

/**
 * The IAM actions a DynamoDB request needs, on tables and indexes (Service Authorization Reference, DynamoDB). Operations
 * that only the operator makes (CreateTable and the like) need their own action on every resource.
 */
export function dynamoDbNeeds(operation: string, input: Input, tableArn: (name: string) => string): Need[] {
  const table = () => tableArn(name(input.TableName, operation));
  if (onTable.has(operation)) return [{ action: `dynamodb:${operation}`, resource: table() }];
  if (onIndex.has(operation)) {
    const index = input.IndexName === undefined ? '' : `/index/${name(input.IndexName, operation)}`;
    return [{ action: `dynamodb:${operation}`, resource: `${table()}${index}` }];
  }
  if (operation === 'BatchGetItem' || operation === 'BatchWriteItem') {
    const tables = Object.keys((input.RequestItems ?? {}) as Input);
    return tables.map(each => ({ action: `dynamodb:${operation}`, resource: tableArn(each) }));
  }
  if (operation === 'TransactWriteItems' || operation === 'TransactGetItems') {
    return list(input.TransactItems).flatMap(item =>
      Object.entries(item).map(([kind, action]) => ({
        action: transactionActions[kind] ?? `dynamodb:${kind}`,
        resource: tableArn(name((action as Input).TableName, operation)),
      })),
    );
  }
  if (operation === 'BatchExecuteStatement') {
    return unique(list(input.Statements).map(each => statementNeed(each.Statement, tableArn)));
  }
  if (operation === 'ExecuteStatement') return [statementNeed(input.Statement, tableArn)];
  return [{ action: `dynamodb:${operation}`, resource: '*' }];
}

const statement =
  /^\s*(INSERT)\s+INTO\s+"?([\w.-]+)"?|^\s*(UPDATE)\s+"?([\w.-]+)"?|^\s*(DELETE)\s+FROM\s+"?([\w.-]+)"?|^\s*(SELECT)\s.*?\sFROM\s+"?([\w.-]+)"?(?:\."?([\w.-]+)"?)?/is;

function statementNeed(text: unknown, tableArn: (name: string) => string): Need {
  const found = typeof text === 'string' ? statement.exec(text) : null;
  const [verb, table] = [
    found?.[1] ?? found?.[3] ?? found?.[5] ?? found?.[7],
    found?.[2] ?? found?.[4] ?? found?.[6] ?? found?.[8],
  ];
  const action = verb && statementActions[verb.toUpperCase()];
  if (!action || !table)
    throw new ServiceError('ValidationException', `Statement wasn't well formed: ${String(text)}`);
  const index = found?.[9] ? `/index/${found[9]}` : '';
  return { action, resource: `${tableArn(table)}${index}` };
}

function unique(needs: Need[]): Need[] {
  return [...new Map(needs.map(need => [`${need.action} ${need.resource}`, need])).values()];
}

function list(value: unknown): Input[] {
  return Array.isArray(value) ? (value as Input[]) : [];
}

function name(value: unknown, operation: string): string {
  if (typeof value === 'string') return value.startsWith('arn:') ? (value.split('/')[1] ?? value) : value;
  throw new ServiceError('ValidationException', `${operation} names no table`);
}
