import type { Deployment } from '../../template/deployment.ts';
import { type JsonObject, objectIn } from '../../template/json.ts';
import { eventRules } from './deploy.ts';
import { compilePattern } from './patterns.ts';

interface PartnerRule {
  arn: string;
  matches: (event: JsonObject) => boolean;
}

/**
 * The rules of the partners' stacks that publish to their topics. They do not fire here, because no partner's bus runs:
 * whoever publishes in their place does so as the rule that the event matches.
 */
export class PartnerRules {
  readonly #byTopic = new Map<string, PartnerRule[]>();

  /** @throws Unsupported for an event pattern that is not understood */
  constructor(deployment: Deployment) {
    for (const { rule, pattern } of eventRules(deployment.partnersOf('AWS::Events::Rule'))) {
      const matches = compilePattern(pattern);
      if (rule.properties.State === 'DISABLED') continue;
      for (const { Arn } of rule.properties.Targets) {
        this.#byTopic.set(Arn, [...(this.#byTopic.get(Arn) ?? []), { arn: rule.arn, matches }]);
      }
    }
  }

  /** ARN of the rule that would publish this message to the topic: the first of them when it matches none; null without any. */
  ruleFor(topicArn: string, message: string): string | null {
    const rules = this.#byTopic.get(topicArn) ?? [];
    const event = objectIn(message);
    const rule = rules.find(({ matches }) => event !== null && matches(event)) ?? rules[0];
    return rule?.arn ?? null;
  }
}
