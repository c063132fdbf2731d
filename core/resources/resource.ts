/** One thing that a call read, changed or tried to. */
export interface Resource {
  /**
   * The same for the same thing, never for two: its ARN where the record has it or tells enough to make it, with the
   * record's own partition, region and account; else its name behind what bounds it (see id.ts).
   */
  id: string;
  /** `AWS::S3::Object` where CloudFormation has a name for it, else IAM's own: `glue:devendpoint` */
  type: string;
  /** as a person would say it: `bucket/key`, `jsmith` */
  name: string;
  /** whose it is; null where nothing tells, as for a bucket that only a request names */
  account: string | null;
  /** where the record says so */
  from: Source;
}

/** The parts of a record that name resources (CloudTrail record contents). */
export type Source = 'resources' | 'request' | 'response';

/** What kind of access a call asked for; `permission`: it changes who may do what. */
export type Access = 'read' | 'write' | 'permission' | 'unknown';

/** What a call touched, or would have, had it not been refused. */
export interface Touched {
  access: Access;
  /** what the call is about first */
  resources: Resource[];
  /** how many more it names, beyond the most that are listed */
  more: number;
}
