import { join } from 'node:path';
import { runFolder } from './test/run-folder.mjs';

// Everything that a test writes lies in one folder, which is deleted after the run whatever became of the test.
process.env.TMPDIR = runFolder();
// So does the key that state folders are sealed with.
process.env.XDG_STATE_HOME = join(process.env.TMPDIR, 'state-home');
// Processes that tests start compile what they run once, not once a run.
process.env.NODE_COMPILE_CACHE ??= join(import.meta.dirname, 'node_modules', '.cache', 'roletrail');
// Tests that need a stack of the same configuration synthesize it once a run.
process.env.ROLETRAIL_ASSEMBLIES ??= join(process.env.TMPDIR, 'assemblies');
// One process synthesizes them all. Its socket has a short path: the system takes no more than 107 bytes.
process.env.ROLETRAIL_SYNTHESIZER = join(process.env.TMPDIR, 'cdk');

// How many times longer than usual a test may take: for slow machines, and for runs that test more than usual.
const slowness = Number(process.env.ROLETRAIL_SLOWNESS ?? 1);
if (!(slowness > 0)) {
  throw new Error(`ROLETRAIL_SLOWNESS: expected a number above 0, not ${process.env.ROLETRAIL_SLOWNESS}`);
}
/** Milliseconds. It ends a test that hangs, and says nothing of speed: the slowest takes a tenth of it. */
const longestTest = 120_000;

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
  moduleNameMapper: { '/synthesize-apart\\.ts$': '<rootDir>/test/synthesizer/synthesize-apart.ts' },
  // commander ships ES modules only, which Jest must transform before it can require them.
  transformIgnorePatterns: ['/node_modules/(?!(commander)/)'],
};

export default {
  maxWorkers: 2,
  // Jest keeps what each test file loaded; a worker of two gigabytes takes longer to end than Jest waits for it.
  workerIdleMemoryLimit: '1GB',
  testTimeout: longestTest * slowness,
  globalSetup: './test/synthesizer/run.mjs',
  globalTeardown: './test/forget-run-folder.mjs',
  projects: [
    {
      ...shared,
      displayName: 'unit',
      testMatch: ['<rootDir>/test/{core,steps,local,cli,samples,statemachine,bench,docs}/**/*.test.ts'],
    },
    { ...shared, displayName: 'infra', testMatch: ['<rootDir>/test/infra/**/*.test.ts'] },
    { ...shared, displayName: 'replay', testMatch: ['<rootDir>/test/replay/**/*.test.ts'] },
    { ...shared, displayName: 'hostile', testMatch: ['<rootDir>/test/hostile/**/*.test.ts'] },
  ],
};
