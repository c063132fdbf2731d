import type { ServiceTable } from '../row.ts';

/** CloudFormation API reference: a stack by name, or by its ARN, which is called its id. */
export const cloudformation: ServiceTable = {
  sources: ['cloudformation'],
  rows: [
    { at: ['response.stackId', 'request.stackName', 'request.stackId'], type: 'AWS::CloudFormation::Stack' },
    { at: ['response.stackSetId', 'request.stackSetName'], type: 'AWS::CloudFormation::StackSet' },
    {
      at: ['response.id', 'request.changeSetName'],
      type: 'cloudformation:changeset',
      within: 'request.stackName',
    },
    // The stack acts in this role.
    { at: 'request.roleARN', type: 'AWS::IAM::Role' },
  ],
};

export const route53: ServiceTable = {
  sources: ['route53', 'route53domains', 'route53resolver'],
  rows: [
    {
      calls: /HostedZone|RecordSets|VPC/,
      at: ['response.hostedZone.id', 'request.hostedZoneId', 'request.id'],
      type: 'AWS::Route53::HostedZone',
      arn: 'route53:::hostedzone/{}',
      form: /^(?:\/hostedzone\/)?(?<name>[^/]+)$/,
    },
    {
      at: 'request.changeBatch.changes.resourceRecordSet.name',
      type: 'AWS::Route53::RecordSet',
      within: 'request.hostedZoneId',
    },
    { calls: /^CreateHostedZone$/, at: 'request.name', type: 'AWS::Route53::HostedZoneName' },
    { at: 'request.domainName', type: 'route53domains:domain' },
    {
      at: ['response.resolverQueryLogConfig.arn', 'request.resolverQueryLogConfigId'],
      type: 'AWS::Route53Resolver::ResolverQueryLoggingConfig',
      arn: 'route53resolver:@:resolver-query-log-config/{}',
    },
    {
      at: ['response.resolverEndpoint.arn', 'request.resolverEndpointId'],
      type: 'AWS::Route53Resolver::ResolverEndpoint',
      arn: 'route53resolver:@:resolver-endpoint/{}',
    },
    {
      at: ['response.resolverRule.arn', 'request.resolverRuleId'],
      type: 'AWS::Route53Resolver::ResolverRule',
      arn: 'route53resolver:@:resolver-rule/{}',
    },
  ],
};

export const cloudfront: ServiceTable = {
  sources: ['cloudfront'],
  rows: [
    {
      calls: /Distribution|Invalidation/,
      at: ['response.distribution.aRN', 'request.distributionId', 'request.id'],
      type: 'AWS::CloudFront::Distribution',
      arn: 'cloudfront::{account}:distribution/{}',
    },
    {
      calls: /Function$/,
      at: ['response.functionSummary.functionMetadata.functionARN', 'request.name'],
      type: 'AWS::CloudFront::Function',
      arn: 'cloudfront::{account}:function/{}',
    },
    {
      calls: /OriginAccessControl/,
      at: ['response.originAccessControl.id', 'request.id'],
      type: 'AWS::CloudFront::OriginAccessControl',
      arn: 'cloudfront::{account}:origin-access-control/{}',
    },
    { calls: /Tag/, at: 'request.resource', type: 'AWS::CloudFront::Distribution', form: /^arn:/ },
  ],
};

export const loadBalancing: ServiceTable = {
  sources: ['elasticloadbalancing'],
  rows: [
    {
      calls: /Rule/,
      at: ['response.rules.ruleArn', 'request.ruleArn', 'request.ruleArns'],
      type: 'AWS::ElasticLoadBalancingV2::ListenerRule',
    },
    {
      calls: /Listener|Rule/,
      at: ['response.listeners.listenerArn', 'request.listenerArn'],
      type: 'AWS::ElasticLoadBalancingV2::Listener',
    },
    {
      at: ['response.loadBalancers.loadBalancerArn', 'request.loadBalancerArn', 'request.loadBalancerArns'],
      type: 'AWS::ElasticLoadBalancingV2::LoadBalancer',
    },
    {
      at: ['response.targetGroups.targetGroupArn', 'request.targetGroupArn'],
      type: 'AWS::ElasticLoadBalancingV2::TargetGroup',
    },
    { at: 'request.targets.id', type: 'AWS::EC2::Instance', arn: 'ec2:@:instance/{}', form: /^i-/ },
    {
      at: ['request.loadBalancerName'],
      type: 'AWS::ElasticLoadBalancing::LoadBalancer',
      arn: 'elasticloadbalancing:@:loadbalancer/{}',
    },
    { at: 'request.resourceArns', type: 'AWS::ElasticLoadBalancingV2::LoadBalancer' },
  ],
};

const rest = 'apigateway:{region}::/restapis/{request.restApiId}';
const http = 'apigateway:{region}::/apis/{request.apiId}';

/** API Gateway guide, "Amazon Resource Names (ARNs) for API Gateway": they name no account. REST APIs, then HTTP and WebSocket. */
export const apigateway: ServiceTable = {
  sources: ['apigateway'],
  rows: [
    {
      at: ['request.stageName'],
      type: 'AWS::ApiGateway::Stage',
      arn: `${rest}/stages/{}`,
      within: 'request.apiId',
    },
    {
      at: ['response.integrationId', 'request.integrationId'],
      type: 'AWS::ApiGatewayV2::Integration',
      arn: `${http}/integrations/{}`,
      within: 'request.apiId',
    },
    {
      at: ['response.routeId', 'request.routeId'],
      type: 'AWS::ApiGatewayV2::Route',
      arn: `${http}/routes/{}`,
      within: 'request.apiId',
    },
    {
      at: ['response.authorizerId', 'request.authorizerId'],
      type: 'AWS::ApiGatewayV2::Authorizer',
      within: 'request.apiId',
    },
    { at: ['request.restApiId'], type: 'AWS::ApiGateway::RestApi', arn: 'apigateway:{region}::/restapis/{}' },
    {
      calls: /RestApi$/,
      at: 'response.id',
      type: 'AWS::ApiGateway::RestApi',
      arn: 'apigateway:{region}::/restapis/{}',
    },
    {
      at: ['request.apiId', 'response.apiId'],
      type: 'AWS::ApiGatewayV2::Api',
      arn: 'apigateway:{region}::/apis/{}',
    },
    {
      calls: /ApiKeys?$/,
      at: ['response.id', 'request.apiKey'],
      type: 'AWS::ApiGateway::ApiKey',
      arn: 'apigateway:{region}::/apikeys/{}',
    },
    {
      at: 'request.domainName',
      type: 'AWS::ApiGateway::DomainName',
      arn: 'apigateway:{region}::/domainnames/{}',
    },
    { at: 'request.resourceArn' },
  ],
};

/** AWS WAF: a name is unique in its scope, the id makes the ARN, which has the name, too. */
export const waf: ServiceTable = {
  sources: ['wafv2'],
  rows: [
    {
      calls: /WebACL$/,
      at: ['response.summary.aRN', 'request.webACLArn', 'request.id', 'request.name'],
      type: 'AWS::WAFv2::WebACL',
      within: 'request.scope',
    },
    {
      calls: /IPSet$/,
      at: ['response.summary.aRN', 'request.id', 'request.name'],
      type: 'AWS::WAFv2::IPSet',
      within: 'request.scope',
    },
    {
      calls: /RuleGroup$/,
      at: ['response.summary.aRN', 'request.id', 'request.name'],
      type: 'AWS::WAFv2::RuleGroup',
      within: 'request.scope',
    },
    { at: 'request.resourceArn', type: 'wafv2:protected' },
  ],
};

/** Bedrock API reference: models of AWS belong to no account. */
export const bedrock: ServiceTable = {
  sources: ['bedrock'],
  rows: [
    {
      at: ['request.agentId', 'response.agent.agentArn'],
      type: 'AWS::Bedrock::Agent',
      arn: 'bedrock:@:agent/{}',
    },
    {
      at: ['request.knowledgeBaseId', 'response.knowledgeBase.knowledgeBaseArn'],
      type: 'AWS::Bedrock::KnowledgeBase',
      arn: 'bedrock:@:knowledge-base/{}',
    },
    {
      at: ['response.guardrailArn', 'request.guardrailIdentifier'],
      type: 'AWS::Bedrock::Guardrail',
      arn: 'bedrock:@:guardrail/{}',
    },
    {
      at: 'request.modelId',
      type: 'bedrock:foundation-model',
      arn: 'bedrock:{region}::foundation-model/{*}',
      form: /^(?!(?:us|eu|apac|global|jp|au|ca|us-gov)\.)[^/]+$/,
    },
    // A model of one Region reached by a profile of several.
    {
      at: 'request.modelId',
      type: 'bedrock:inference-profile',
      arn: 'bedrock:@:inference-profile/{*}',
      form: /^(?:us|eu|apac|global|jp|au|ca|us-gov)\./,
    },
    { at: 'request.modelId', type: 'bedrock:model', form: /^arn:/ },
    {
      calls: /UseCaseForModelAccess|ModelInvocationLogging/,
      at: 'account',
      type: 'AWS::::Account',
      arn: 'iam::{}:root',
    },
  ],
};

/** AWS Transfer Family: a user is of a server. */
export const transfer: ServiceTable = {
  sources: ['transfer'],
  rows: [
    {
      at: 'request.userName',
      type: 'AWS::Transfer::User',
      arn: 'transfer:@:user/{request.serverId}/{}',
    },
    {
      at: ['response.serverId', 'request.serverId'],
      type: 'AWS::Transfer::Server',
      arn: 'transfer:@:server/{}',
    },
    { at: 'request.role', type: 'AWS::IAM::Role' },
  ],
};
