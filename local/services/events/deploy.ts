import { type ServicePrincipal, Unsupported } from '../../contract.ts';
import type { Deployment, Running } from '../../template/deployment.ts';
import { type JsonObject, objectIn } from '../../template/json.ts';
import type { Courier } from '../courier.ts';
import type { Queue } from '../sqs/store.ts';
import { compilePattern } from './patterns.ts';
import { EventBus } from './store.ts';

/** The rules that wait for events; scheduled rules do not concern the bus. */
export function eventRules(rules: Running<'AWS::Events::Rule'>[]) {
  return rules.flatMap(rule => {
    const { EventPattern, ScheduleExpression } = rule.properties;
    if ((EventPattern === undefined) === (ScheduleExpression === undefined)) {
      throw new Unsupported(
        `rule ${rule.name}, which has not exactly one of EventPattern and ScheduleExpression`,
      );
    }
    return EventPattern === undefined ? [] : [{ rule, pattern: EventPattern }];
  });
}

/** EventBridge, as it acts for a rule. */
export function eventBridge(ruleArn: string): ServicePrincipal {
  return { kind: 'service', names: ['events.amazonaws.com'], sourceArn: ruleArn };
}

/** The bus with the production stack's rules. `target`: a queue by its ARN; throws where there is none. */
export function openBus(
  deployment: Deployment,
  courier: Courier,
  target: (arn: string, what: string) => Queue,
): EventBus {
  return new EventBus(
    eventRules(deployment.of('AWS::Events::Rule')).map(({ rule, pattern }) => ({
      pattern,
      enabled: rule.properties.State !== 'DISABLED',
      targets: rule.properties.Targets.map(({ Arn, DeadLetterConfig }) => {
        const what = `rule ${rule.name}`;
        const queue = target(Arn, what);
        const deadLetters = DeadLetterConfig && target(DeadLetterConfig.Arn, what);
        return (body: string) => courier.send(eventBridge(rule.arn), queue, body, deadLetters);
      }),
    })),
  );
}

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
