import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import asc from 'assemblyscript/asc';

const here = import.meta.dirname;
const entry = 'json.ts';
const options = ['--runtime', 'stub', '--enable', 'simd', '-O3', '--noAssert', '--initialMemory', '18'];

/** The text of module.ts: json.as compiled, as base64, so that every loader and bundler takes it along. */
export async function moduleText(): Promise<string> {
  const source = readFileSync(join(here, 'json.as'), 'utf8');
  let binary: Uint8Array | undefined;
  const { error, stderr } = await asc.main([entry, '--outFile', 'json.wasm', ...options], {
    readFile: name => (name === entry ? source : null),
    writeFile: (name, contents) => {
      if (name === 'json.wasm') binary = contents as Uint8Array;
    },
    listFiles: () => [],
  });
  if (error || !binary) throw new Error(`json.as does not compile: ${error?.message}\n${stderr}`);
  const lines =
    Buffer.from(binary)
      .toString('base64')
      .match(/.{1,100}/g) ?? [];
  const text = lines.map(line => `  '${line}',\n`).join('');
  return `// Compiled from json.as by \`npm run build:json\`.\nexport const compiled = [\n${text}].join('');\n`;
}

if (import.meta.main) writeFileSync(join(here, 'module.ts'), await moduleText());
