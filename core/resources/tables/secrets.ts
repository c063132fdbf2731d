import type { ServiceTable } from '../row.ts';

/**
 * Secrets Manager guide, "Log AWS Secrets Manager events with CloudTrail". A secret's ARN ends in six characters that its name
 * does not have. Events of the service itself have it in additionalEventData.
 */
export const secretsManager: ServiceTable = {
  sources: ['secretsmanager'],
  rows: [
    {
      at: [
        'response.arn',
        'additionalEventData.arn',
        'additionalEventData.secretId',
        'request.secretId',
        'request.secretIdList',
        'request.name',
      ],
      type: 'AWS::SecretsManager::Secret',
    },
  ],
};

/** KMS guide, "Logging AWS KMS API calls with AWS CloudTrail": `keyId` is a key's id or ARN, or an alias of it. */
export const kms: ServiceTable = {
  sources: ['kms'],
  rows: [
    {
      at: [
        'response.keyMetadata.arn',
        'response.keyId',
        'request.keyId',
        'request.targetKeyId',
        'serviceEventDetails.keyId',
      ],
      type: 'AWS::KMS::Key',
      arn: 'kms:@:key/{}',
      form: /^(?!alias\/)/,
    },
    { at: 'request.keyId', type: 'AWS::KMS::Alias', arn: 'kms:@:{*}', form: /^alias\// },
    { at: 'request.targetKeyId', type: 'AWS::KMS::Key', arn: 'kms:@:key/{}' },
    { at: ['request.destinationKeyId'], type: 'AWS::KMS::Key', arn: 'kms:@:key/{}', form: /^(?!alias\/)/ },
    { at: 'request.aliasName', type: 'AWS::KMS::Alias', arn: 'kms:@:{*}', form: /^alias\// },
    { at: ['response.grantId', 'request.grantId'], type: 'kms:grant' },
    { at: ['response.customKeyStoreId', 'request.customKeyStoreId'], type: 'kms:custom-key-store' },
  ],
};

const parameter = { type: 'AWS::SSM::Parameter', arn: 'ssm:@:parameter/{*}', name: '{text}' };
// Systems Manager manages machines of EC2 and others, `mi-...`.
const machine = { type: 'AWS::EC2::Instance', arn: 'ec2:@:instance/{}', form: /^i-/ };
const managed = { type: 'AWS::SSM::ManagedInstance', arn: 'ssm:@:managed-instance/{}', form: /^mi-/ };
const machines = ['request.instanceId', 'request.instanceIds', 'request.target', 'request.resourceId'];

/** A parameter's ARN has one slash before its name, whether the name begins with one or not (SSM guide, parameter ARNs). */
export const ssm: ServiceTable = {
  sources: ['ssm', 'ssmmessages'],
  rows: [
    {
      calls: /Parameters?(?:ByPath)?$|ParameterHistory$|ParameterVersion$/,
      at: ['request.name', 'request.names', 'request.path'],
      ...parameter,
      form: /^\/?(?<name>[^:]+)$/,
    },
    { calls: /Parameter/, at: ['request.name', 'request.names'], ...parameter, form: /^arn:/ },
    { at: machines, ...machine },
    { at: machines, ...managed },
    { at: ['request.targets.values'], ...machine },
    { at: ['response.sessionId', 'request.sessionId'], type: 'ssm:session', arn: 'ssm:@:session/{}' },
    { at: ['response.command.commandId', 'request.commandId'], type: 'ssm:command' },
    {
      at: ['request.documentName', 'response.documentDescription.name'],
      type: 'AWS::SSM::Document',
      arn: 'ssm:@:document/{}',
      form: /^(?!AWS-)/,
    },
    // Documents of AWS are the same in all accounts.
    {
      at: 'request.documentName',
      type: 'AWS::SSM::Document',
      arn: 'ssm:{region}::document/{}',
      form: /^AWS-/,
    },
    { calls: /Document/, at: 'request.name', type: 'AWS::SSM::Document', arn: 'ssm:@:document/{}' },
    {
      at: ['response.associationDescription.associationId', 'request.associationId'],
      type: 'AWS::SSM::Association',
      arn: 'ssm:@:association/{}',
    },
    {
      at: ['response.automationExecutionId', 'request.automationExecutionId'],
      type: 'ssm:automation-execution',
      arn: 'ssm:@:automation-execution/{}',
    },
    {
      at: ['response.windowId', 'request.windowId'],
      type: 'AWS::SSM::MaintenanceWindow',
      arn: 'ssm:@:maintenancewindow/{}',
    },
    { at: ['response.activationId', 'request.activationId'], type: 'ssm:activation' },
  ],
};

export const acm: ServiceTable = {
  sources: ['acm', 'acm-pca'],
  rows: [
    {
      at: ['response.certificateArn', 'request.certificateArn'],
      type: 'AWS::CertificateManager::Certificate',
    },
    {
      at: ['response.certificateAuthorityArn', 'request.certificateAuthorityArn'],
      type: 'AWS::ACMPCA::CertificateAuthority',
    },
  ],
};
