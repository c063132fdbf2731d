import { readFileSync } from 'node:fs';
import { configJsonSchema, schemaFile } from '../../infra/reference/json-schema.ts';

test('the schema in the repository is that of the configuration ; otherwise run: npm run docs', () => {
  expect(JSON.parse(readFileSync(schemaFile, 'utf8'))).toEqual(configJsonSchema());
});

test('it says what an editor needs: fields, which must be there, and that there are no others', () => {
  expect(configJsonSchema()).toMatchObject({
    required: ['production', 'auditedRoles', 'partners', 'trailBucket', 'batch'],
    additionalProperties: false,
    properties: {
      production: { properties: { account: { pattern: '^\\d{12}$' } } },
      partners: { items: { required: ['account', 'regions'] } },
      redelivered: { enum: ['skip', 'process'] },
      batch: { properties: { windowSeconds: { minimum: 0, maximum: 300 } } },
    },
  });
});
