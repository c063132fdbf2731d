import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';

/** A DynamoDB that knows its tables but keeps no items: what a replay takes without its table. */
interface Asked {
  TableName?: string;
  Statements?: unknown[];
  RequestItems?: Record<string, unknown>;
  TimeToLiveSpecification?: { Enabled: boolean; AttributeName: string };
}

const tables = new Map<string, Asked>();

/** Null: there is no such table. */
function answerTo(operation: string, asked: Asked): object | null {
  const { TableName = '', Statements, RequestItems } = asked;
  const table = tables.get(TableName);
  switch (operation) {
    case 'BatchExecuteStatement':
      return { Responses: Statements?.map(() => ({})) };
    case 'BatchGetItem':
      return { Responses: mapValues(RequestItems ?? {}, () => []), UnprocessedKeys: {} };
    case 'Query':
      return { Items: [], Count: 0, ScannedCount: 0 };
    case 'PutItem':
    case 'UpdateItem':
    case 'DeleteItem':
    case 'GetItem':
      return {};
    case 'CreateTable':
      tables.set(TableName, asked);
      return { TableDescription: asked };
    case 'DescribeTable':
      return table ? { Table: { ...table, TableStatus: 'ACTIVE' } } : null;
    case 'UpdateTimeToLive':
      tables.set(TableName, { ...table, ...asked });
      return { TimeToLiveSpecification: asked.TimeToLiveSpecification };
    case 'DescribeTimeToLive': {
      const { AttributeName } = table?.TimeToLiveSpecification ?? {};
      const on = { TimeToLiveStatus: 'ENABLED', AttributeName };
      return { TimeToLiveDescription: AttributeName ? on : { TimeToLiveStatus: 'DISABLED' } };
    }
    default:
      throw new Error(`${operation} has no answer here`);
  }
}

function mapValues(object: object, value: () => unknown): object {
  return Object.fromEntries(Object.keys(object).map(name => [name, value()]));
}

const server = createServer(async (request, response) => {
  const [, operation = ''] = String(request.headers['x-amz-target']).split('.');
  const answer = answerTo(operation, JSON.parse(await text(request)));
  response.setHeader('content-type', 'application/x-amz-json-1.0');
  if (!answer) response.statusCode = 400;
  const missing = {
    __type: 'com.amazonaws.dynamodb.v20120810#ResourceNotFoundException',
    message: 'no such table',
  };
  response.end(JSON.stringify(answer ?? missing));
});

server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (typeof address === 'object' && address) process.stdout.write(`${address.port}\n`);
});
