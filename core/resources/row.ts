/** Which member of a call's request or response names a resource, and what its ARN is made of. */
export interface Row {
  /** names of the calls, whole and without a version: `CreateFunction` for `CreateFunction20150331v2`; absent: all */
  calls?: RegExp;
  /**
   * Where the name or ARN stands: `request.userName`, `response.user.arn`. `[]` behind a member: each element of the list
   * (`response.instancesSet.items[].instanceId`). Several: the first that is there.
   */
  at: string | readonly string[];
  /** as CloudFormation calls it, else as IAM does */
  type: string;
  /**
   * The ARN behind its partition: `iam::{account}:user/{}`. `{}` is the name, which has no slash and no colon; `{*}` is a name
   * that may; `{request.cluster}` another member; `{region}` and `{account}` the record's. Absent: the name alone makes none.
   */
  arn?: string;
  /** what a name is unique in, beside service, region and account: `request.restApiId` */
  within?: string;
  /** what people say, if not the name alone: `{request.bucketName}/{}` */
  name?: string;
}

/** The rows of a service, by what stands before `.amazonaws.com` in eventSource. */
export interface ServiceTable {
  sources: readonly string[];
  rows: readonly Row[];
}
