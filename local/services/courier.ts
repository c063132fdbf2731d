import { type Authorizer, type Need, ServiceError, type ServicePrincipal } from '../contract.ts';
import type { UndeliveredLog } from '../state/undelivered.ts';
import { publishNeed } from './sns/needs.ts';
import { sendNeed } from './sqs/needs.ts';
import type { Queue } from './sqs/store.ts';

/**
 * Carries what services send: each delivery is checked against the policy of its target and of the target's key. What they do
 * not let through goes to the dead letters of the delivery, where it has some and may, and is kept as undelivered with
 * its reason.
 */
export class Courier {
  readonly #authorizer: Authorizer;
  readonly #undelivered: UndeliveredLog;

  constructor(authorizer: Authorizer, undelivered: UndeliveredLog) {
    this.#authorizer = authorizer;
    this.#undelivered = undelivered;
  }

  /** Puts a message on a queue, or on `deadLetters` when it may not be there (guides of EventBridge and SNS, dead-letter queues). */
  send(as: ServicePrincipal, queue: Queue, body: string, deadLetters?: Queue): void {
    const { arn } = queue.options;
    const refused = this.#refusal(as, sendNeed(arn));
    if (refused === null) {
      queue.send(body);
      return;
    }
    const buried = deadLetters && this.#refusal(as, sendNeed(deadLetters.options.arn)) === null;
    if (buried) deadLetters.send(body);
    const kept = buried ? deadLetters.options.arn : null;
    this.#undelivered.add({ from: as.sourceArn, to: arn, reason: refused, deadLetters: kept, body });
  }

  /** Whether a message may be published to a topic; if not, it is kept as undelivered. */
  mayPublish(as: ServicePrincipal, topicArn: string, body: string): boolean {
    const reason = this.#refusal(as, publishNeed(topicArn));
    if (reason === null) return true;
    this.#undelivered.add({ from: as.sourceArn, to: topicArn, reason, deadLetters: null, body });
    return false;
  }

  #refusal(as: ServicePrincipal, need: Need): string | null {
    try {
      this.#authorizer.authorize(as, [need]);
      return null;
    } catch (error) {
      if (error instanceof ServiceError) return error.message;
      throw error;
    }
  }
}
