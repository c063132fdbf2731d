import { existsSync, mkdtempSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

// The embedded table syncs each write to the disk. Tests need no such promise: where there is room in memory, their
// folders lie there, which spares minutes on a slow disk.
const memory = '/dev/shm';
const roomNeeded = 4e9;
if (!process.env.TMPDIR && existsSync(memory)) {
  const { bavail, bsize } = statfsSync(memory);
  if (bavail * bsize > roomNeeded) process.env.TMPDIR = memory;
}

// Tests that need a stack of the same configuration synthesize it once a run.
process.env.ROLETRAIL_ASSEMBLIES ??= mkdtempSync(join(tmpdir(), 'roletrail-assemblies-'));

// Projects of their own, so that infra (synthesis), replay (whole process runs) and hostile (faults and bad input, small
// unless ROLETRAIL_HOSTILE=full) never slow a unit test down.
const shared = {
  testEnvironment: 'node',
  transform: {
    '^.+\\.(ts|m?js)$': [
      '@swc/jest',
      { jsc: { target: 'es2024', parser: { syntax: 'typescript' } }, module: { type: 'commonjs' } },
    ],
  },
  // commander ships ES modules only, which Jest must transform before it can require them.
  transformIgnorePatterns: ['/node_modules/(?!(commander)/)'],
};

export default {
  maxWorkers: 2,
  globalTeardown: './test/forget-assemblies.mjs',
  projects: [
    {
      ...shared,
      displayName: 'unit',
      testMatch: ['<rootDir>/test/{steps,local,cli,samples,statemachine}/**/*.test.ts'],
    },
    { ...shared, displayName: 'infra', testMatch: ['<rootDir>/test/infra/**/*.test.ts'] },
    { ...shared, displayName: 'replay', testMatch: ['<rootDir>/test/replay/**/*.test.ts'] },
    { ...shared, displayName: 'hostile', testMatch: ['<rootDir>/test/hostile/**/*.test.ts'] },
  ],
};
