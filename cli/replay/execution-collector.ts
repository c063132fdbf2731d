import { inParallel } from '../../core/parallel.ts';
import type { Deployment } from '../deployment/deployment.ts';
import { Collected } from './collected.ts';
import { type Outcome, outcomeOf } from './outcome.ts';

/** Takes in what executions leave behind, as they end, each once. */
export class ExecutionCollector {
  readonly collected: Collected;
  readonly #deployment: Deployment;
  readonly #onEnd: (outcome: Outcome) => Promise<void>;
  readonly #ended = new Set<string>();
  readonly #names = new Set<string>();

  /** `ended` is told of each execution that has */
  constructor(deployment: Deployment, ended: (outcome: Outcome) => Promise<void> = async () => {}) {
    this.#deployment = deployment;
    this.#onEnd = ended;
    this.collected = new Collected(deployment.workData);
  }

  get ended(): number {
    return this.#ended.size;
  }

  /** Has an execution of this name ended? */
  knows(name: string): boolean {
    return this.#names.has(name);
  }

  /** Looks at those executions again that had not ended. Resolves to the ones that still run. */
  async look(arns: readonly string[]): Promise<string[]> {
    const open = arns.filter(arn => !this.#ended.has(arn));
    const still = await inParallel(open, 8, async arn => {
      const outcome = await outcomeOf(this.#deployment.sfn, arn);
      if (!outcome) return [arn];
      await this.take(outcome);
      return [];
    });
    return still.flat();
  }

  /** Takes in an execution that has ended. */
  async take(outcome: Outcome): Promise<void> {
    await this.collected.take(outcome);
    await this.#onEnd(outcome);
    this.#ended.add(outcome.arn);
    this.#names.add(outcome.name);
  }
}
