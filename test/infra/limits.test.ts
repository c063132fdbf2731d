import { mkdirSync, writeFileSync } from 'node:fs';
import { templatesOfAll } from './assembly.ts';
import { configurations } from './configurations.ts';

test('x', () => {
  const t = Date.now();
  const all = templatesOfAll(configurations);
  mkdirSync('/tmp/lint', { recursive: true });
  Object.entries(all).forEach(([name, templates], i) => {
    for (const [stack, template] of Object.entries(templates))
      writeFileSync(`/tmp/lint/${i}-${stack}.template.json`, JSON.stringify(template, null, 1));
  });
  expect(Date.now() - t).toBe(0);
});
