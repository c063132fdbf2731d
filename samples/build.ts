/** `node samples/build.ts`: writes the samples' input and expected answers from their stories. */
import { join } from 'node:path';
import { article } from './article/sample.ts';
import { writeSample } from './building/input.ts';
import { incident } from './incident/sample.ts';

for (const [name, files] of [
  ['article', article()],
  ['incident', incident()],
] as const) {
  writeSample(join(import.meta.dirname, name), files);
  process.stdout.write(`samples/${name}: ${files.size} files\n`);
}
