import { RemovalPolicy } from 'aws-cdk-lib';

/**
 * What becomes of evidence, answers, logs and their key when the stack is deleted: `keep` leaves them, `delete` is for a
 * trial, whose buckets have to be empty by then.
 */
export type Removal = 'keep' | 'delete';

/**
 * For buckets and key. One that is kept is still deleted where its very creation is rolled back, so that a first deployment
 * that failed can be repeated: a name that is left behind would refuse the next.
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html RetainExceptOnCreate
 */
export function retained(removal: Removal): RemovalPolicy {
  return removal === 'keep' ? RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE : RemovalPolicy.DESTROY;
}

/**
 * For tables. Kept ones have deletion protection, which would fail the rollback of a failed creation as well: they stay,
 * empty, under a name that the next deployment does not ask for.
 */
export function protectedTable(removal: Removal): {
  deletionProtection: boolean;
  removalPolicy: RemovalPolicy;
} {
  return removal === 'keep'
    ? { deletionProtection: true, removalPolicy: RemovalPolicy.RETAIN }
    : { deletionProtection: false, removalPolicy: RemovalPolicy.DESTROY };
}
