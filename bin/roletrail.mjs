#!/usr/bin/env node
// Node before 22.18 cannot run TypeScript files: the project's own Node takes over.
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);

if (major > 22 || (major === 22 && minor >= 18)) {
  await import('../cli/main.ts');
} else {
  const packageFile = createRequire(import.meta.url).resolve('node/package.json');
  const node = join(dirname(packageFile), 'bin', 'node');
  const main = join(import.meta.dirname, '..', 'cli', 'main.ts');
  // Ctrl-C reaches both: the child ends in order and this process waits for it.
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => {});
  const { status, signal, error } = spawnSync(node, [main, ...process.argv.slice(2)], { stdio: 'inherit' });
  if (error) throw error;
  process.exit(status ?? (signal === 'SIGINT' ? 130 : 1));
}
