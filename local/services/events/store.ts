import type { JsonObject } from '../../template/json.ts';
import { compilePattern } from './patterns.ts';

/** Takes an event's text to one target. */
type Target = (body: string) => void;

export interface Rule {
  pattern: JsonObject;
  enabled: boolean;
  targets: Target[];
}

/** The default event bus of the production account: rules and their targets. */
export class EventBus {
  readonly #rules: { matches: (event: JsonObject) => boolean; targets: Target[] }[];

  /** @throws Unsupported for an event pattern that is not understood */
  constructor(rules: Rule[]) {
    this.#rules = rules
      .map(({ pattern, enabled, targets }) => ({ matches: compilePattern(pattern), enabled, targets }))
      .filter(rule => rule.enabled);
  }

  /** Sends the event to the targets of every rule it matches; answers how many these are. */
  put(event: JsonObject): number {
    const targets = this.#rules.filter(rule => rule.matches(event)).flatMap(rule => rule.targets);
    for (const send of targets) send(JSON.stringify(event));
    return targets.length;
  }
}
