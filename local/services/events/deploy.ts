import type { Running } from '../../template/deployment.ts';
import { Unsupported } from '../../template/unsupported.ts';

/** The rules that wait for events; those that go by the clock are no business of the bus. */
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
