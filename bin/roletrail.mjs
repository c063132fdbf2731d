#!/usr/bin/env node
// Node before 22.18 cannot run TypeScript files: the project's own Node takes over.
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
const own = () => join(dirname(createRequire(import.meta.url).resolve('node/package.json')), 'bin', 'node');

if (major > 22 || (major === 22 && minor >= 18)) {
  await import('../cli/main.ts');
} else {
  try {
    handOver(own());
  } catch (error) {
    if (error.code !== 'MODULE_NOT_FOUND') throw error;
    // Installed without what tests need, there is no Node of its own: a stack trace would not say what to do.
    process.stderr.write(
      `roletrail: Node ${process.versions.node} is too old: install Node 22.18 or later, or run npm ci, which brings one\n`,
    );
    process.exitCode = 1;
  }
}

function handOver(node) {
  const main = join(dirname(fileURLToPath(import.meta.url)), '..', 'cli', 'main.ts');
  const child = spawn(node, [main, ...process.argv.slice(2)], { stdio: 'inherit' });
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  // A terminal sends Ctrl-C to both; passed on as well, it would count as pressed twice.
  process.on('SIGINT', () => process.stdin.isTTY || child.kill('SIGINT'));
  child.on('error', error => {
    process.stderr.write(`roletrail: cannot start ${node}: ${error.message}\n`);
    process.exitCode = 1;
  });
  child.on('close', (status, signal) => {
    process.exitCode = status ?? (signal === 'SIGINT' ? 130 : 1);
  });
}
