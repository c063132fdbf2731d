import { join } from 'node:path';
import * as z from 'zod';
import { configSchema } from '../config-schema.ts';
import { descriptions } from './descriptions.ts';

/** The schema's file, beside the example. */
export const schemaFile = join(import.meta.dirname, '..', 'roletrail.schema.json');

interface JsonSchema {
  properties?: Record<string, JsonSchema>;
  items?: JsonSchema;
  [keyword: string]: unknown;
}

/** The JSON Schema of a configuration file, for editors. What goes together no schema says: `cdk synth` does. */
export function configJsonSchema(): object {
  const schema = z.toJSONSchema(configSchema, { io: 'input' }) as JsonSchema;
  return { ...described(schema, ''), title: 'roletrail.json' };
}

function described(schema: JsonSchema, path: string): JsonSchema {
  const { properties, items, ...rest } = schema;
  const description = descriptions[path]?.means;
  return {
    ...(description && { description }),
    ...rest,
    ...(items && { items: described(items, `${path}[]`) }),
    ...(properties && {
      properties: Object.fromEntries(
        Object.entries(properties).map(([field, of]) => [
          field,
          described(of, path ? `${path}.${field}` : field),
        ]),
      ),
    }),
  };
}
