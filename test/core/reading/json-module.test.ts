import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = join(import.meta.dirname, '../../../core/reading/json');

test('what runs is what the source compiles to', () => {
  const script = `import { moduleText } from './build.ts'; process.stdout.write(await moduleText());`;
  const built = execFileSync(process.execPath, ['--input-type=module', '-e', script], {
    cwd: folder,
    encoding: 'utf8',
  });
  expect(readFileSync(join(folder, 'module.ts'), 'utf8')).toBe(built);
});
