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

// Projects of their own, so that infra (synthesis), replay (whole process runs) and hostile (faults and bad input, small
// unless ROLETRAIL_HOSTILE=full) never slow a unit test down.
const shared = {
  testEnvironment: 'node',
  // Tests run in plain Node.js, which takes TypeScript as it is. A process runs many files, and loads what they share once.
  runner: '<rootDir>/test/runner/runner.mjs',
  transform: {},
  setupFilesAfterEnv: ['<rootDir>/test/runner/setup.mjs'],
};

export default {
  maxWorkers: 2,
  globalSetup: './test/synthesizer/run.mjs',
  globalTeardown: './test/forget-run-folder.mjs',
  projects: [
    {
      ...shared,
      displayName: 'unit',
      testMatch: [
        '<rootDir>/test/{core,steps,local,cli,samples,statemachine,bench,docs,runner}/**/*.test.ts',
      ],
    },
    { ...shared, displayName: 'infra', testMatch: ['<rootDir>/test/infra/**/*.test.ts'] },
    { ...shared, displayName: 'replay', testMatch: ['<rootDir>/test/replay/**/*.test.ts'] },
    { ...shared, displayName: 'hostile', testMatch: ['<rootDir>/test/hostile/**/*.test.ts'] },
  ],
};
