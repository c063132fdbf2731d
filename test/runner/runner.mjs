import { createRunner } from 'jest-light-runner';

const Runner = createRunner({ runtime: 'child_process' });

/**
 * Runs test files in plain Node.js processes. With one worker (`-w 1`, `-i`) that is Jest's own process, which holds the settings of one
 * project: projects follow one another there.
 */
export default class extends Runner {
  #inOne;

  constructor(globalConfig, context) {
    super(globalConfig, context);
    this.#inOne = globalConfig.maxWorkers === 1;
  }

  async runTests(tests, ...rest) {
    const parts = this.#inOne ? Map.groupBy(tests, ({ context }) => context.config).values() : [tests];
    for (const part of parts) await super.runTests(part, ...rest);
  }
}
