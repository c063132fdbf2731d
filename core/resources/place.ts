import { accountInArn, parseArn } from '../records/arn.ts';
import { isObject, type Json, textAt } from '../records/read.ts';

/** Where a call was made: what an ARN of it needs beside a name. */
export interface Place {
  partition: string;
  region: string;
  account: string | null;
  /** the record's own id: what keeps two resources apart where no account is known */
  event: string;
}

/** By the region of a call (IAM guide, "Amazon Resource Names": partitions; AWS European Sovereign Cloud guide). */
const partitions: [RegExp, string][] = [
  [/^cn-/, 'aws-cn'],
  [/^us-gov-/, 'aws-us-gov'],
  [/^us-iso-/, 'aws-iso'],
  [/^us-isob-/, 'aws-iso-b'],
  [/^eu-isoe-/, 'aws-iso-e'],
  [/^us-isof-/, 'aws-iso-f'],
  [/^eusc-/, 'aws-eusc'],
];

/** The partition as the caller's ARN says it, else as the region does. The account is that whose log has the record. */
export function placeOf(record: Json): Place {
  const identity = isObject(record.userIdentity) ? record.userIdentity : {};
  const arn = textAt(identity, 'arn');
  const region = textAt(record, 'awsRegion') ?? '';
  return {
    partition:
      parseArn(arn)?.partition || (partitions.find(([pattern]) => pattern.test(region))?.[1] ?? 'aws'),
    region,
    account: textAt(record, 'recipientAccountId') ?? textAt(identity, 'accountId') ?? accountInArn(arn),
    event: textAt(record, 'eventID') ?? '',
  };
}
