/** Which member of a record names a resource, and what its ARN is made of. */
export interface Row {
  /** names of the calls, without a version: `CreateFunction` for `CreateFunction20150331v2`; absent: all of the service */
  calls?: RegExp;
  /**
   * Where the name or ARN stands (see values.ts): `request.userName`, `response.user.arn`. Several: the first that is there.
   * `account`: the record's account itself; `=default`: that very text
   */
  at: string | readonly string[];
  /** as CloudFormation calls it, else as IAM does; absent: only ARNs count, and say it themselves */
  type?: string;
  /**
   * The ARN behind its partition: `iam::{account}:user/{}`. `{}` is the name, which has no slash and no colon; `{*}` one that
   * may have, and ends the ARN; `{request.cluster}` another member; `{region}` and `{account}` the record's, and `@` both, with
   * the colon between. Absent: the name alone makes none.
   */
  arn?: string;
  /** what a name is unique in, beside service, region and account, where it makes no ARN: `request.restApiId` */
  within?: string | readonly string[];
  /** what people say, if not the name alone: `{request.bucketName}/{}` */
  name?: string;
  /** only names of this form; its groups are what is taken of it: `name`, and holes of the ARN such as `account` */
  form?: RegExp;
}

/** The rows of a service, by what stands before `.amazonaws.com` in eventSource. */
export interface ServiceTable {
  sources: readonly string[];
  rows: readonly Row[];
}
