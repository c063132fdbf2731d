import * as z from 'zod';

/** Known, and without meaning on a laptop: accepted in any shape. */
export const irrelevant = z
  .unknown()
  .transform(() => undefined)
  .optional();
const tags = irrelevant;

const policyDocument = z.looseObject({
  Statement: z.array(z.looseObject({ Effect: z.enum(['Allow', 'Deny']) })),
});

/** Policies, who they are attached to, and what is encrypted with keys alone. */
export const policyShapes = {
  'AWS::SQS::QueuePolicy': z.strictObject({ Queues: z.array(z.string()), PolicyDocument: policyDocument }),
  'AWS::SNS::TopicPolicy': z.strictObject({ Topics: z.array(z.string()), PolicyDocument: policyDocument }),
  'AWS::S3::BucketPolicy': z.strictObject({ Bucket: z.string(), PolicyDocument: policyDocument }),
  'AWS::KMS::Key': z.strictObject({
    // Without one, CloudFormation leaves the key to the account.
    KeyPolicy: policyDocument.optional(),
    Description: irrelevant,
    Enabled: z.literal(true).optional(),
    EnableKeyRotation: irrelevant,
    PendingWindowInDays: irrelevant,
    RotationPeriodInDays: irrelevant,
    Tags: tags,
  }),
  'AWS::Logs::LogGroup': z.strictObject({
    LogGroupName: z.string().optional(),
    KmsKeyId: z.string().optional(),
    DeletionProtectionEnabled: irrelevant,
    LogGroupClass: irrelevant,
    RetentionInDays: irrelevant,
    Tags: tags,
  }),
  'AWS::IAM::Role': z.strictObject({
    RoleName: z.string().optional(),
    Path: z.string().default('/'),
    AssumeRolePolicyDocument: policyDocument,
    Policies: z.array(z.strictObject({ PolicyName: z.string(), PolicyDocument: policyDocument })).default([]),
    ManagedPolicyArns: z.array(z.string()).default([]),
    Description: irrelevant,
    MaxSessionDuration: irrelevant,
    Tags: tags,
  }),
  'AWS::IAM::Policy': z.strictObject({
    PolicyName: z.string(),
    PolicyDocument: policyDocument,
    Roles: z.array(z.string()),
  }),
  'AWS::IAM::ManagedPolicy': z.strictObject({
    ManagedPolicyName: z.string().optional(),
    Description: irrelevant,
    Path: irrelevant,
    PolicyDocument: policyDocument,
    Roles: z.array(z.string()).default([]),
  }),
};
