import { type Need, Unsupported } from '../../contract.ts';
import type { Deployment } from '../../template/deployment.ts';
import type { Queue } from '../sqs/store.ts';
import type { FunctionSpec, LambdaFunction } from './function.ts';
import { type Befalls, EventSourceMapping } from './mapping.ts';
import { mappingNeeds } from './needs.ts';

/**
 * The event source mappings of the production stack. `functions` by ARN; `admit` throws when a function's role
 * lacks a need (AWS does not create such a mapping), and answers what befalls the mapping's own requests.
 */
export function openMappings(
  deployment: Deployment,
  queues: Map<string, Queue>,
  functions: Map<string, LambdaFunction>,
  admit: (spec: FunctionSpec, needs: Need[], queueArn: string) => Befalls,
): EventSourceMapping[] {
  return deployment
    .of('AWS::Lambda::EventSourceMapping')
    .filter(mapping => mapping.properties.Enabled)
    .map(({ logicalId, properties }) => {
      const queue = queues.get(properties.EventSourceArn);
      const named = properties.FunctionName;
      const target = [...functions.values()].find(({ spec }) => spec.arn === named || spec.name === named);
      if (!queue || !target)
        throw new Unsupported(`${logicalId} maps ${properties.EventSourceArn} to ${named}`);
      const befalls = admit(target.spec, mappingNeeds(queue.options.arn), queue.options.arn);
      return new EventSourceMapping({
        queue,
        target,
        befalls,
        batchSize: properties.BatchSize,
        windowSeconds: properties.MaximumBatchingWindowInSeconds,
        partialResponses: properties.FunctionResponseTypes.length > 0,
        concurrency: properties.ScalingConfig?.MaximumConcurrency ?? target.spec.concurrency,
        region: deployment.region,
        account: deployment.account,
      });
    });
}
