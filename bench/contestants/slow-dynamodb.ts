import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { evidenceTable } from '../../steps/store/tables.ts';
import { type Item, writeUnits } from '../write-units.ts';

/** A stand-in for DynamoDB that answers every write after so many milliseconds: `MS`. GET tells what it was asked. */
const latency = Number(process.argv[2]);
const asked = { requests: 0, items: 0, units: 0 };

interface Statement {
  Statement: string;
  Parameters: Item[string][];
}

function write(operation: string, body: { Statements?: Statement[]; Item?: Item }): object {
  if (operation === 'PutItem') {
    asked.items += 1;
    return {};
  }
  if (operation !== 'BatchExecuteStatement') throw new Error(`${operation} has no answer here`);
  const { Statements = [] } = body;
  for (const { Statement, Parameters } of Statements) {
    const names = [...Statement.matchAll(/'(\w+)': \?/g)].map(([, name = '']) => name);
    const item = Object.fromEntries(
      names.flatMap((name, index) => {
        const value = Parameters[index];
        return value ? [[name, value]] : [];
      }),
    );
    asked.items += 1;
    asked.units += writeUnits(item, evidenceTable);
  }
  return { Responses: Statements.map(() => ({ TableName: 'evidence' })) };
}

const server = createServer(async (request, response) => {
  if (request.method === 'GET') {
    response.end(JSON.stringify(asked));
    return;
  }
  const [body] = await Promise.all([text(request), delay(latency)]);
  asked.requests += 1;
  const [, operation = ''] = String(request.headers['x-amz-target']).split('.');
  response.setHeader('content-type', 'application/x-amz-json-1.0');
  response.end(JSON.stringify(write(operation, JSON.parse(body))));
});

server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (typeof address === 'object' && address) process.stdout.write(`${address.port}\n`);
});
