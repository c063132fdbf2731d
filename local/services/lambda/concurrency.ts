import { ServiceError } from '../../contract.ts';

/**
 * How many invocations an account runs at once, over all its functions. AWS gives 1,000 a region, a new account less.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/lambda-concurrency.html
 */
export class Concurrency {
  readonly most: number;
  #running = 0;
  /** invocations that were refused so far */
  throttled = 0;

  constructor(most: number) {
    this.most = most;
  }

  /**
   * Takes a place; answers how to give it back.
   * @throws ServiceError TooManyRequestsException when all are taken
   */
  enter(): () => void {
    if (this.#running >= this.most) {
      this.throttled += 1;
      throw new ServiceError('TooManyRequestsException', 'Rate Exceeded.', 429);
    }
    this.#running += 1;
    return () => {
      this.#running -= 1;
    };
  }
}
