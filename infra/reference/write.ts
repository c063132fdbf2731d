import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { configurationDocument } from './configuration.ts';
import { iamActions, iamActionsFile, iamActionsText } from './iam-actions.ts';
import { configJsonSchema, schemaFile } from './json-schema.ts';

const example = join(import.meta.dirname, '..', 'roletrail.example.json');
const document = join(import.meta.dirname, '..', '..', 'docs', 'configuration.md');
writeFileSync(document, configurationDocument(readFileSync(example, 'utf8')));
writeFileSync(schemaFile, `${JSON.stringify(configJsonSchema(), null, 2)}\n`);
writeFileSync(iamActionsFile, iamActionsText(await iamActions()));
