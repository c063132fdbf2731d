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

  async runTests(tests, watcher, onStart, ...ends) {
    if (!this.#inOne) return super.runTests(...apart(tests, watcher, onStart, ...ends));
    for (const part of Map.groupBy(tests, ({ context }) => context.config).values())
      await super.runTests(part, watcher, onStart, ...ends);
  }
}

/**
 * A process asks for its project's settings when its first test file begins, and jest-light-runner 0.8.2 answers all processes of the
 * project at once: one that does not listen yet misses them, and waits forever. So one file of each project, the one that the order
 * has last, runs before the project's others.
 */
function apart(tests, watcher, onStart, ...ends) {
  const first = new Map(tests.map(test => [test.context.config, test]));
  const over = new Map([...first.values()].map(test => [test, Promise.withResolvers()]));
  const order = [...over.keys(), ...tests.filter(test => !over.has(test))];
  const begin = async test => {
    const ahead = first.get(test.context.config);
    if (test !== ahead) await over.get(ahead).promise;
    return onStart(test);
  };
  const [onResult, onFailure] = ends.map(end => (test, ...rest) => {
    over.get(test)?.resolve();
    return end(test, ...rest);
  });
  return [order, watcher, begin, onResult, onFailure];
}
