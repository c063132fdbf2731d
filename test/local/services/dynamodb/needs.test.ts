import { dynamoDbNeeds } from '../../../../local/services/dynamodb/needs.ts';

const tableArn = (name: string) => `arn:${name}`;
const statement = (Statement: string) => ({ Statement });

test.each<[string, Record<string, unknown>, [action: string, resource: string][]]>([
  ['GetItem', { TableName: 'evidence' }, [['GetItem', 'arn:evidence']]],
  ['PutItem', { TableName: 'arn:aws:dynamodb:eu-west-1:1:table/evidence' }, [['PutItem', 'arn:evidence']]],
  ['CreateTable', { TableName: 'evidence' }, [['CreateTable', 'arn:evidence']]],
  ['ListTables', {}, [['ListTables', '*']]],
  ['Query', { TableName: 'evidence' }, [['Query', 'arn:evidence']]],
  ['Query', { TableName: 'evidence', IndexName: 'byRole' }, [['Query', 'arn:evidence/index/byRole']]],
  ['Scan', { TableName: 'evidence', IndexName: 'byRole' }, [['Scan', 'arn:evidence/index/byRole']]],
  [
    'BatchGetItem',
    { RequestItems: { one: {}, two: {} } },
    [
      ['BatchGetItem', 'arn:one'],
      ['BatchGetItem', 'arn:two'],
    ],
  ],
  ['BatchWriteItem', { RequestItems: { one: [] } }, [['BatchWriteItem', 'arn:one']]],
  [
    'TransactWriteItems',
    {
      TransactItems: [
        { Put: { TableName: 'one' } },
        { Update: { TableName: 'one' } },
        { Delete: { TableName: 'two' } },
        { ConditionCheck: { TableName: 'two' } },
      ],
    },
    [
      ['PutItem', 'arn:one'],
      ['UpdateItem', 'arn:one'],
      ['DeleteItem', 'arn:two'],
      ['ConditionCheckItem', 'arn:two'],
    ],
  ],
  ['TransactGetItems', { TransactItems: [{ Get: { TableName: 'one' } }] }, [['GetItem', 'arn:one']]],
  [
    'ExecuteStatement',
    statement(`INSERT INTO "evi-dence.1" VALUE {'a': ?}`),
    [['PartiQLInsert', 'arn:evi-dence.1']],
  ],
  [
    'ExecuteStatement',
    statement(`  insert into evidence value {'a': 'DELETE FROM "other"'}`),
    [['PartiQLInsert', 'arn:evidence']],
  ],
  [
    'ExecuteStatement',
    statement(`UPDATE "evidence" SET a = 1 WHERE b = 2`),
    [['PartiQLUpdate', 'arn:evidence']],
  ],
  ['ExecuteStatement', statement(`DELETE FROM "evidence" WHERE b = 2`), [['PartiQLDelete', 'arn:evidence']]],
  [
    'ExecuteStatement',
    statement(`SELECT a, b\n FROM "evidence" WHERE c = ?`),
    [['PartiQLSelect', 'arn:evidence']],
  ],
  [
    'ExecuteStatement',
    statement(`SELECT * FROM "evidence"."by-role" WHERE c = ?`),
    [['PartiQLSelect', 'arn:evidence/index/by-role']],
  ],
  [
    'BatchExecuteStatement',
    {
      Statements: [
        statement('INSERT INTO "one" VALUE {}'),
        statement('INSERT INTO "one" VALUE {}'),
        statement('INSERT INTO "two" VALUE {}'),
      ],
    },
    [
      ['PartiQLInsert', 'arn:one'],
      ['PartiQLInsert', 'arn:two'],
    ],
  ],
  [
    'ExecuteTransaction',
    {
      TransactStatements: [
        statement('EXISTS(SELECT * FROM "one" WHERE a = 1)'),
        statement('DELETE FROM "two" WHERE a = 1'),
      ],
    },
    [
      ['PartiQLSelect', 'arn:one'],
      ['PartiQLDelete', 'arn:two'],
    ],
  ],
])('%s of %j needs %j', (operation, input, expected) => {
  const needs = dynamoDbNeeds(operation, input, tableArn);

  expect(needs).toEqual(expected.map(([action, resource]) => ({ action: `dynamodb:${action}`, resource })));
});

test.each<[string, Record<string, unknown>, string]>([
  ['RestoreTableToPointInTime', {}, 'UnknownOperationException'],
  ['GetItem', {}, 'ValidationException'],
  ['BatchWriteItem', {}, 'ValidationException'],
  ['TransactWriteItems', { TransactItems: [{ Drop: { TableName: 'one' } }] }, 'ValidationException'],
  ['BatchExecuteStatement', { Statements: 'all' }, 'ValidationException'],
  ['ExecuteStatement', statement('CREATE TABLE "one"'), 'ValidationException'],
  ['ExecuteStatement', statement(`SELECT 'FROM "mine"' FROM "other"`), 'ValidationException'],
])('%s of %j is refused, so that nothing passes unasked', (operation, input, code) => {
  expect(() => dynamoDbNeeds(operation, input, tableArn)).toThrow(expect.objectContaining({ code }));
});
