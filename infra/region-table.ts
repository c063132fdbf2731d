/** Regions of one partition: those that an account has to opt in to, and the others. */
interface Partition {
  domain: string;
  optIn: string;
  others: string;
}

/**
 * The Regions that the CDK knows (aws-cdk-lib/region-info), which a test compares with these: reading a folder of logs must not load the
 * CDK to tell a Region.
 */
const partitions: Record<string, Partition> = {
  aws: {
    domain: 'amazonaws.com',
    optIn:
      'af-south-1 ap-east-1 ap-east-2 ap-south-2 ap-southeast-3 ap-southeast-4 ap-southeast-5 ap-southeast-6 ap-southeast-7 ca-west-1 eu-central-2 eu-south-1 eu-south-2 il-central-1 me-central-1 me-south-1 me-west-1 mx-central-1',
    others:
      'ap-northeast-1 ap-northeast-2 ap-northeast-3 ap-south-1 ap-southeast-1 ap-southeast-2 ca-central-1 eu-central-1 eu-north-1 eu-west-1 eu-west-2 eu-west-3 sa-east-1 us-east-1 us-east-2 us-west-1 us-west-2',
  },
  'aws-cn': { domain: 'amazonaws.com.cn', optIn: '', others: 'cn-north-1 cn-northwest-1' },
  'aws-eusc': { domain: 'amazonaws.eu', optIn: '', others: 'eusc-de-east-1' },
  'aws-us-gov': { domain: 'amazonaws.com', optIn: '', others: 'us-gov-east-1 us-gov-west-1' },
  'aws-iso': { domain: 'c2s.ic.gov', optIn: '', others: 'us-iso-east-1 us-iso-west-1' },
  'aws-iso-b': { domain: 'sc2s.sgov.gov', optIn: '', others: 'us-isob-east-1 us-isob-west-1' },
  'aws-iso-e': { domain: 'cloud.adc-e.uk', optIn: '', others: 'eu-isoe-west-1' },
  'aws-iso-f': { domain: 'csp.hci.ic.gov', optIn: '', others: 'us-isof-east-1 us-isof-south-1' },
};

export interface Region {
  partition: string;
  domain: string;
  /** an account has to opt in to it */
  optIn: boolean;
}

/** Every known Region by its name. */
export const regions: ReadonlyMap<string, Region> = new Map(
  Object.entries(partitions).flatMap(([partition, { domain, optIn, others }]) => {
    const row = (isOptIn: boolean) => (name: string) =>
      [name, { partition, domain, optIn: isOptIn }] satisfies [string, Region];
    return [...namesIn(optIn).map(row(true)), ...namesIn(others).map(row(false))];
  }),
);

function namesIn(list: string): string[] {
  return list === '' ? [] : list.split(' ');
}
