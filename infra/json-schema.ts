import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { configSchema } from './config-schema.ts';

/** What an editor says of each field. */
const descriptions: Record<string, string> = {
  $schema: 'This schema, for editors.',
  name: 'Tells deployments beside each other apart; part of the names of stacks, topics, metrics and events. Absent: there is one.',
  production: 'The account that is audited, and the region the pipeline runs in.',
  auditedRoles: "Role ARNs, whole role names, or '*' alone for every temporary credential.",
  partners:
    'Trusted accounts that send their AssumeRole events, each with the regions whose STS endpoints it uses (us-east-1 for the global one) and its external ids.',
  trailBucket:
    'The bucket CloudTrail writes to. create: the stack makes it; else it exists in the production account and region. keyArn: the key an existing one is encrypted with.',
  trailAccounts:
    "Accounts beside production's whose records the trail may hold; ['*']: any, as of an organization's trail. Absent: the partners'.",
  batch:
    'How many messages intake takes at once, and how long it waits for them: 10 and 20 for a quiet account, 100 and 60 for a busy one.',
  redelivered: 'What becomes of a log file that was processed for the same roles already. Absent: skip.',
  graceMinutes: 'How long a session may be unlinked before it is an alert. Absent: 60.',
  lookbackDays: 'Sessions that began earlier raise no alert. Absent: 35.',
  alarmEmail: 'Who is told of alarms and alerts. Absent: nobody.',
};

/** The schema's file, beside this one. */
export const schemaFile = join(import.meta.dirname, 'roletrail.schema.json');

/** The JSON Schema of a configuration file. What goes together no schema says: `cdk synth` does. */
export function configJsonSchema(): object {
  const schema = z.toJSONSchema(configSchema, { io: 'input' }) as { properties: Record<string, object> };
  const properties = Object.entries(schema.properties).map(([field, of]) => {
    const description = descriptions[field];
    if (description === undefined) throw new TypeError(`the field ${field} has no description`);
    return [field, { description, ...of }];
  });
  return { ...schema, title: 'roletrail.json', properties: Object.fromEntries(properties) };
}

if (import.meta.main) writeFileSync(schemaFile, `${JSON.stringify(configJsonSchema(), null, 2)}\n`);
