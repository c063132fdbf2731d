import { auditedSessions } from '../generator/accounts.ts';
import { answer } from './answer.ts';
import { openDuckDb } from './duckdb-open.ts';

const [module = '', threads = '1'] = process.argv.slice(2);
const rows = await openDuckDb(module, { threads });

answer(async files => {
  const list = files.map(file => `'${file.replaceAll("'", "''")}'`).join();
  const [[calls] = []] = await rows(`
    SELECT count(*)::INTEGER
    FROM (SELECT unnest(Records) AS r
          FROM read_json([${list}], columns = {Records: 'JSON[]'}, maximum_object_size = 268435456))
    WHERE starts_with(r ->> '$.userIdentity.arn', '${auditedSessions}')`);
  return async () => ({ calls: Number(calls) });
});
