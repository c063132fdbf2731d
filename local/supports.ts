import { cloudTrailInputs } from './services/cloudtrail/inputs.ts';
import { dynamoDbOperations } from './services/dynamodb/needs.ts';
import { eventsInputs } from './services/events/inputs.ts';
import { s3Operations } from './services/s3/inputs.ts';
import { snsInputs } from './services/sns/inputs.ts';
import { sqsInputs } from './services/sqs/inputs.ts';
import { statesLanguage } from './services/stepfunctions/definition.ts';
import { statesInputs } from './services/stepfunctions/inputs.ts';
import { resourceTypes } from './template/types.ts';

/** What the embedded cloud supports. All else it refuses by name. */
export interface Supported {
  /** a service's signing name -> its operations */
  services: Record<string, string[]>;
  /** what a state machine's definition may hold */
  statesLanguage: typeof statesLanguage;
  resourceTypes: {
    /** resource types that a template may hold and that run */
    run: string[];
    /** resource types that a template may hold and that do nothing here -> why */
    doNothing: Record<string, string>;
  };
}

/** Read from the tables that requests, definitions and templates are checked against. */
export function supported(): Supported {
  const types = Object.entries(resourceTypes);
  return {
    services: {
      s3: Object.keys(s3Operations),
      dynamodb: Object.keys(dynamoDbOperations),
      states: Object.keys(statesInputs),
      sqs: Object.keys(sqsInputs),
      sns: Object.keys(snsInputs),
      events: Object.keys(eventsInputs),
      cloudtrail: Object.keys(cloudTrailInputs),
    },
    statesLanguage,
    resourceTypes: {
      run: types.filter(([, { runs }]) => runs === true).map(([type]) => type),
      doNothing: Object.fromEntries(
        types.flatMap(([type, { runs }]) => (runs === true ? [] : [[type, runs]])),
      ),
    },
  };
}
