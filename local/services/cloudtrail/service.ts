import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type JsonService, type Need, ServiceError } from '../../contract.ts';
import { answerBy, type Handlers } from '../../gateway/operations.ts';
import { publicKeysFile } from '../../state/files.ts';
import { cloudTrailInputs } from './inputs.ts';
import { cloudTrailNeeds } from './needs.ts';
import { type ListedKey, readKeyList } from './store.ts';

const refusals = {
  service: 'CloudTrail',
  unknown: 'UnsupportedOperation',
  invalid: 'InvalidParameterCombinationException',
};

/**
 * The one operation of CloudTrail that functions use. Every Region gets all keys: the file does not name their Regions.
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_ListPublicKeys.html
 */
export class CloudTrailService implements JsonService {
  readonly #file: string;

  /** `state`: the folder the cloud's state lives in */
  constructor(state: string) {
    this.#file = join(state, publicKeysFile);
  }

  needs(operation: string): Need[] {
    return cloudTrailNeeds(operation);
  }

  call(operation: string, raw: Record<string, unknown>): Promise<object> {
    return answerBy(cloudTrailInputs, this.#handlers, refusals, operation, raw);
  }

  readonly #handlers: Handlers<typeof cloudTrailInputs> = {
    ListPublicKeys: input => {
      const now = Date.now() / 1000;
      const { StartTime = now, EndTime = now } = input;
      if (StartTime > EndTime) {
        throw new ServiceError('InvalidTimeRangeException', 'StartTime is later than EndTime');
      }
      const valid = this.#keys().filter(
        key => key.ValidityStartTime <= EndTime && key.ValidityEndTime >= StartTime,
      );
      return { PublicKeyList: valid };
    },
  };

  // Read anew each time: a replay puts its keys there while the cloud runs.
  #keys(): ListedKey[] {
    return existsSync(this.#file) ? readKeyList(readFileSync(this.#file, 'utf8')) : [];
  }
}
