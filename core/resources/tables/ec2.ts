import type { Row, ServiceTable } from '../row.ts';

/** No call's answer has one where the others have theirs. */
const nothing = /^(?!.)/;

/**
 * What EC2 calls its resources by: the member, the beginning of its ids, its kind in ARNs, CloudFormation's type, and the calls
 * whose answer has the new one. EC2 guide, "Resource IDs"; service authorization reference, resource types of Amazon EC2.
 */
const kinds: [member: string, prefix: string, kind: string, type: string, made: RegExp][] = [
  ['instanceId', 'i', 'instance', 'Instance', /^RunInstances$/],
  ['imageId', 'ami', 'image', 'Image', /^(?:Create|Copy|Import|Register)Image$/],
  ['snapshotId', 'snap', 'snapshot', 'Snapshot', /^(?:Create|Copy|Import)Snapshots?$/],
  ['volumeId', 'vol', 'volume', 'Volume', /^CreateVolume$/],
  ['groupId', 'sg', 'security-group', 'SecurityGroup', /^CreateSecurityGroup$/],
  [
    'securityGroupRuleId',
    'sgr',
    'security-group-rule',
    'SecurityGroupRule',
    /^(?:Authorize|Modify)SecurityGroup/,
  ],
  ['networkInterfaceId', 'eni', 'network-interface', 'NetworkInterface', /^CreateNetworkInterface$/],
  ['networkAclId', 'acl', 'network-acl', 'NetworkAcl', /^CreateNetworkAcl$/],
  ['routeTableId', 'rtb', 'route-table', 'RouteTable', /^CreateRouteTable$/],
  ['internetGatewayId', 'igw', 'internet-gateway', 'InternetGateway', /^CreateInternetGateway$/],
  ['natGatewayId', 'nat', 'natgateway', 'NatGateway', /^CreateNatGateway$/],
  [
    'egressOnlyInternetGatewayId',
    'eigw',
    'egress-only-internet-gateway',
    'EgressOnlyInternetGateway',
    /^CreateEgressOnlyInternetGateway$/,
  ],
  ['transitGatewayId', 'tgw', 'transit-gateway', 'TransitGateway', /^CreateTransitGateway$/],
  [
    'transitGatewayRouteTableId',
    'tgw-rtb',
    'transit-gateway-route-table',
    'TransitGatewayRouteTable',
    /^CreateTransitGatewayRouteTable$/,
  ],
  [
    'transitGatewayAttachmentId',
    'tgw-attach',
    'transit-gateway-attachment',
    'TransitGatewayAttachment',
    /^CreateTransitGateway\w+Attachment$/,
  ],
  [
    'vpcPeeringConnectionId',
    'pcx',
    'vpc-peering-connection',
    'VPCPeeringConnection',
    /^CreateVpcPeeringConnection$/,
  ],
  ['vpcEndpointId', 'vpce', 'vpc-endpoint', 'VPCEndpoint', /^CreateVpcEndpoint$/],
  ['vpnConnectionId', 'vpn', 'vpn-connection', 'VPNConnection', /^CreateVpnConnection$/],
  ['vpnGatewayId', 'vgw', 'vpn-gateway', 'VPNGateway', /^CreateVpnGateway$/],
  ['customerGatewayId', 'cgw', 'customer-gateway', 'CustomerGateway', /^CreateCustomerGateway$/],
  [
    'clientVpnEndpointId',
    'cvpn-endpoint',
    'client-vpn-endpoint',
    'ClientVpnEndpoint',
    /^CreateClientVpnEndpoint$/,
  ],
  [
    'instanceConnectEndpointId',
    'eice',
    'instance-connect-endpoint',
    'InstanceConnectEndpoint',
    /^CreateInstanceConnectEndpoint$/,
  ],
  ['flowLogId', 'fl', 'vpc-flow-log', 'FlowLog', nothing],
  ['dhcpOptionsId', 'dopt', 'dhcp-options', 'DHCPOptions', /^CreateDhcpOptions$/],
  ['prefixListId', 'pl', 'prefix-list', 'PrefixList', /^CreateManagedPrefixList$/],
  ['allocationId', 'eipalloc', 'elastic-ip', 'EIP', /^AllocateAddress$/],
  ['launchTemplateId', 'lt', 'launch-template', 'LaunchTemplate', /^(?:Create|Delete|Modify)LaunchTemplate/],
  ['fleetId', 'fleet', 'fleet', 'EC2Fleet', /^CreateFleet$/],
  ['spotFleetRequestId', 'sfr', 'spot-fleet-request', 'SpotFleet', /^RequestSpotFleet$/],
  ['spotInstanceRequestId', 'sir', 'spot-instances-request', 'SpotInstance', /^RequestSpotInstances$/],
  ['hostId', 'h', 'dedicated-host', 'Host', nothing],
  [
    'capacityReservationId',
    'cr',
    'capacity-reservation',
    'CapacityReservation',
    /^CreateCapacityReservation$/,
  ],
  [
    'trafficMirrorFilterId',
    'tmf',
    'traffic-mirror-filter',
    'TrafficMirrorFilter',
    /^CreateTrafficMirrorFilter$/,
  ],
  [
    'trafficMirrorSessionId',
    'tms',
    'traffic-mirror-session',
    'TrafficMirrorSession',
    /^CreateTrafficMirrorSession$/,
  ],
  [
    'trafficMirrorTargetId',
    'tmt',
    'traffic-mirror-target',
    'TrafficMirrorTarget',
    /^CreateTrafficMirrorTarget$/,
  ],
  ['exportTaskId', 'export-i', 'export-instance-task', 'ExportTask', /^CreateInstanceExportTask$/],
  ['keyPairId', 'key', 'key-pair', 'KeyPair', nothing],
  // What others lie in comes last.
  ['subnetId', 'subnet', 'subnet', 'Subnet', /^Create(?:Default)?Subnet$/],
  ['vpcId', 'vpc', 'vpc', 'VPC', /^Create(?:Default)?Vpc$/],
];

/** Where lists of ids and differing names stand for a kind. */
const aliases: Record<string, string[]> = {
  groupId: ['**.securityGroupId', '**.securityGroupIds'],
  imageId: ['**.sourceImageId'],
  snapshotId: ['**.sourceSnapshotId'],
};

function made([member, , kind, type, calls]: (typeof kinds)[number]): Row {
  return { calls, at: `response.**.${member}`, type: `AWS::EC2::${type}`, arn: arnOf(kind) };
}

function asked([member, , kind, type]: (typeof kinds)[number]): Row {
  const others = [`**.${member}s`, ...(aliases[member] ?? [])].map(path => `request.${path}`);
  return { at: [`request.**.${member}`, ...others], type: `AWS::EC2::${type}`, arn: arnOf(kind) };
}

/** Members that may name any kind: tags, flow logs. */
function anyKind([, prefix, kind, type]: (typeof kinds)[number]): Row {
  return {
    at: 'request.**.resourceId',
    type: `AWS::EC2::${type}`,
    arn: arnOf(kind),
    form: new RegExp(`^${prefix}-[0-9a-f]+$`),
  };
}

/** Images and snapshots can be anybody's: their ARNs name no account. */
function arnOf(kind: string): string {
  return kind === 'image' || kind === 'snapshot' ? `ec2:{region}::${kind}/{}` : `ec2:@:${kind}/{}`;
}

export const ec2: ServiceTable = {
  sources: ['ec2', 'ec2-instance-connect'],
  rows: [
    ...kinds.map(made),
    ...kinds.map(asked),
    ...kinds.map(anyKind),
    {
      at: 'response.**.flowLogIdSet.item',
      type: 'AWS::EC2::FlowLog',
      arn: 'ec2:@:vpc-flow-log/{}',
    },
    { at: 'serviceEventDetails.snapshotId', type: 'AWS::EC2::Snapshot', arn: 'ec2:{region}::snapshot/{}' },
    {
      calls: /KeyPairs?$/,
      at: ['request.**.keyName', 'response.keyName'],
      type: 'AWS::EC2::KeyPair',
      arn: 'ec2:@:key-pair/{}',
    },
    {
      calls: /^CreateSecurityGroup$|^DeleteSecurityGroup$|SecurityGroup(?:In|E)gress$/,
      at: 'request.groupName',
      type: 'AWS::EC2::SecurityGroup',
    },
    { calls: /LaunchTemplate/, at: ['request.**.launchTemplateName'], type: 'AWS::EC2::LaunchTemplate' },
    { at: 'request.associationId', type: 'AWS::EC2::Association' },
    { at: 'request.attachmentId', type: 'AWS::EC2::NetworkInterfaceAttachment' },
    {
      calls: /IamInstanceProfile/,
      at: ['request.**.iamInstanceProfile.arn', 'request.**.iamInstanceProfile.name'],
      type: 'AWS::IAM::InstanceProfile',
      arn: 'iam::{account}:instance-profile/{}',
    },
    { calls: /IamInstanceProfile/, at: 'request.**.associationId', type: 'AWS::EC2::Association' },
    // Where an image or an instance is exported to, or comes from.
    {
      at: ['request.**.s3Bucket', 'request.bucket', 'request.**.s3ExportLocation.s3Bucket'],
      type: 'AWS::S3::Bucket',
      arn: 's3:::{}',
    },
    { at: 'request.serviceId', type: 'AWS::EC2::VPCEndpointService', arn: 'ec2:@:vpc-endpoint-service/{}' },
    // An instance that is started with a role acts in that role.
    {
      calls: /^RunInstances$/,
      at: ['request.iamInstanceProfile.arn', 'request.iamInstanceProfile.name'],
      type: 'AWS::IAM::InstanceProfile',
      arn: 'iam::{account}:instance-profile/{}',
    },
    { calls: /^(?:Create|Copy|Register)Image$/, at: 'request.name', type: 'AWS::EC2::ImageName' },
    {
      calls: /SerialConsoleAccess$|EbsEncryptionByDefault$|BlockPublicAccess$/,
      at: 'account',
      type: 'AWS::::Account',
      arn: 'iam::{}:root',
    },
  ],
};
