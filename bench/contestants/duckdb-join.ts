import { account, auditedRole, auditedSessions } from '../generator/accounts.ts';
import { openDuckDb } from './duckdb-open.ts';

/** DuckDB answering only the join: each call under the role beside the issuance of its key. `MODULE FOLDER`. */
const [module = '', folder = ''] = process.argv.slice(2);
const rows = await openDuckDb(module, {});

const [[calls, linked] = []] = await rows(`
  WITH records AS (
    SELECT r ->> '$.userIdentity.accessKeyId' AS key,
           r ->> '$.userIdentity.arn' AS arn,
           r ->> '$.eventName' AS name,
           r ->> '$.responseElements.credentials.accessKeyId' AS issued,
           r ->> '$.requestParameters.roleArn' AS role,
           r ->> '$.eventID' AS id
    FROM (SELECT unnest(Records) AS r
          FROM read_json('${folder.replaceAll("'", "''")}/**/*.json.gz', columns = {Records: 'JSON[]'}, maximum_object_size = 268435456))),
  issuances AS (
    SELECT issued, any_value(id) AS id FROM records
    WHERE name = 'AssumeRole' AND role = 'arn:aws:iam::${account}:role/${auditedRole}' GROUP BY issued)
  SELECT count(*)::INTEGER, count(issuances.id)::INTEGER
  FROM records LEFT JOIN issuances ON issuances.issued = records.key
  WHERE starts_with(arn, '${auditedSessions}')`);
process.stdout.write(JSON.stringify({ calls, linked }));
