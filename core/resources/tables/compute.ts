import type { ServiceTable } from '../row.ts';

/** Lambda API reference: a function is named by name, ARN, or `ACCOUNT:function:NAME`, with a version or an alias behind. */
export const lambda: ServiceTable = {
  sources: ['lambda'],
  rows: [
    {
      calls: /EventSourceMapping/,
      at: ['response.uUID', 'request.uUID'],
      type: 'AWS::Lambda::EventSourceMapping',
      arn: 'lambda:@:event-source-mapping:{}',
    },
    {
      at: ['request.functionName', 'response.functionArn'],
      type: 'AWS::Lambda::Function',
      arn: 'lambda:@:function:{*}',
      form: /^(?:(?<account>\d{12}):function:)?(?<name>[^:]+(?::[^:]+)?)$/,
    },
    {
      at: ['request.functionName', 'response.functionArn', 'request.resource'],
      type: 'AWS::Lambda::Function',
      form: /^arn:/,
    },
    {
      at: ['response.layerVersionArn', 'request.layerName'],
      type: 'AWS::Lambda::LayerVersion',
      arn: 'lambda:@:layer:{}',
    },
    { at: ['request.eventSourceArn'], type: 'AWS::Lambda::EventSource' },
    // The function acts in this role.
    { at: 'request.role', type: 'AWS::IAM::Role' },
    {
      at: ['response.codeSigningConfig.codeSigningConfigArn', 'request.codeSigningConfigArn'],
      type: 'AWS::Lambda::CodeSigningConfig',
    },
  ],
};

export const autoscaling: ServiceTable = {
  sources: ['autoscaling', 'application-autoscaling'],
  rows: [
    // An ARN has an id beside the name.
    { at: 'request.autoScalingGroupName', type: 'AWS::AutoScaling::AutoScalingGroup' },
    { at: 'request.launchConfigurationName', type: 'AWS::AutoScaling::LaunchConfiguration' },
    {
      at: ['request.launchTemplate.launchTemplateId'],
      type: 'AWS::EC2::LaunchTemplate',
      arn: 'ec2:@:launch-template/{}',
    },
    {
      at: ['request.instanceId', 'request.instanceIds'],
      type: 'AWS::EC2::Instance',
      arn: 'ec2:@:instance/{}',
    },
    {
      at: 'request.resourceId',
      type: 'AWS::ApplicationAutoScaling::ScalableTarget',
      within: 'request.scalableDimension',
    },
  ],
};

const cluster = '{request.cluster|=default}';

/** ECS API reference: without a cluster, the default cluster is meant. */
export const ecs: ServiceTable = {
  sources: ['ecs'],
  rows: [
    {
      at: ['response.service.serviceArn', 'request.service', 'request.serviceName'],
      type: 'AWS::ECS::Service',
      arn: `ecs:@:service/${cluster}/{}`,
      within: 'request.cluster',
    },
    { calls: /^(?:RunTask|StartTask)$/, at: 'response.tasks.taskArn', type: 'AWS::ECS::Task' },
    {
      calls: /Task$|ExecuteCommand/,
      at: ['request.task', 'request.tasks'],
      type: 'AWS::ECS::Task',
      arn: `ecs:@:task/${cluster}/{}`,
      within: 'request.cluster',
    },
    // A family alone names the newest revision, which has no ARN.
    {
      at: ['response.taskDefinition.taskDefinitionArn', 'request.taskDefinition'],
      type: 'AWS::ECS::TaskDefinition',
      arn: 'ecs:@:task-definition/{*}',
      form: /^[^:/]+:\d+$|^arn:/,
    },
    { at: ['request.taskDefinition', 'request.family'], type: 'AWS::ECS::TaskDefinition', form: /^[^:/]+$/ },
    {
      at: ['response.cluster.clusterArn', 'request.clusterName', 'request.cluster'],
      type: 'AWS::ECS::Cluster',
      arn: 'ecs:@:cluster/{}',
    },
    {
      at: ['request.taskRoleArn', 'request.executionRoleArn', 'request.role'],
      type: 'AWS::IAM::Role',
      form: /^arn:/,
    },
  ],
};

/** ECR API reference: without a registry, the caller's is meant. */
export const ecr: ServiceTable = {
  sources: ['ecr', 'ecr-public'],
  rows: [
    {
      at: ['response.repository.repositoryArn', 'request.repositoryName', 'request.repositoryNames'],
      type: 'AWS::ECR::Repository',
      arn: 'ecr:{region}:{request.registryId|account}:repository/{*}',
    },
    {
      calls: /Registry|^GetAuthorizationToken$|Replication|ScanningConfiguration/,
      at: ['response.registryId', 'account'],
      type: 'AWS::ECR::Registry',
    },
  ],
};

const ofCluster = { within: 'request.name|request.clusterName' };

/** EKS API reference; the name of a cluster is `name` in some records and `clusterName` in others. */
export const eks: ServiceTable = {
  sources: ['eks', 'eks-auth'],
  rows: [
    {
      at: ['response.nodegroup.nodegroupArn', 'request.nodegroupName'],
      type: 'AWS::EKS::Nodegroup',
      ...ofCluster,
    },
    { at: ['response.addon.addonArn', 'request.addonName'], type: 'AWS::EKS::Addon', ...ofCluster },
    {
      at: ['response.fargateProfile.fargateProfileArn', 'request.fargateProfileName'],
      type: 'AWS::EKS::FargateProfile',
      ...ofCluster,
    },
    { at: ['response.accessEntry.accessEntryArn'], type: 'AWS::EKS::AccessEntry' },
    {
      at: ['response.association.associationArn', 'request.associationId'],
      type: 'AWS::EKS::PodIdentityAssociation',
      ...ofCluster,
    },
    {
      at: ['response.cluster.arn', 'request.clusterName', 'request.name'],
      type: 'AWS::EKS::Cluster',
      arn: 'eks:@:cluster/{}',
    },
    // Who is let in, and with what.
    { at: 'request.principalArn', type: 'AWS::IAM::Role' },
    { at: 'request.policyArn', type: 'AWS::EKS::AccessPolicy' },
    { at: ['request.roleArn'], type: 'AWS::IAM::Role' },
  ],
};

export const lightsail: ServiceTable = {
  sources: ['lightsail'],
  rows: [
    {
      at: ['request.instanceName', 'request.instanceNames', 'response.operations.resourceName'],
      type: 'AWS::Lightsail::Instance',
    },
  ],
};
