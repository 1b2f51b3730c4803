import {
  FlowLogDestination,
  GatewayVpcEndpointAwsService,
  IpAddresses,
  type IVpc,
  Peer,
  Port,
  SecurityGroup,
  SubnetType,
  Vpc,
} from 'aws-cdk-lib/aws-ec2';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { Stage } from '../stage.ts';

export interface WorkerNetwork {
  readonly vpc: Vpc;
  readonly securityGroup: SecurityGroup;
}

/**
 * Where workers stand: private subnets in two zones, nothing may call in, and out only by HTTPS and
 * to the engine's port. Media and tables, which
 * are most of the traffic, go through gateway endpoints, which are free. The rest (queue, state machine, images, logs,
 * the ECS agent) goes through NAT: eight interface endpoints in two zones would cost three times as much as one.
 */
export function makeWorkerNetwork(scope: Construct, stage: Stage): WorkerNetwork {
  const vpc = new Vpc(scope, 'Network', {
    ipAddresses: IpAddresses.cidr('10.20.0.0/16'),
    maxAzs: 2,
    natGateways: stage.natGateways,
    restrictDefaultSecurityGroup: false,
    subnetConfiguration: [
      { name: 'public', subnetType: SubnetType.PUBLIC, cidrMask: 24, mapPublicIpOnLaunch: false },
      { name: 'workers', subnetType: SubnetType.PRIVATE_WITH_EGRESS, cidrMask: 20 },
    ],
    gatewayEndpoints: {
      S3: { service: GatewayVpcEndpointAwsService.S3 },
      DynamoDb: { service: GatewayVpcEndpointAwsService.DYNAMODB },
    },
    flowLogs: {
      All: {
        destination: FlowLogDestination.toCloudWatchLogs(
          new LogGroup(scope, 'NetworkLogs', { retention: stage.logRetention, removalPolicy: stage.removal }),
        ),
      },
    },
  });
  const securityGroup = new SecurityGroup(scope, 'WorkerSecurityGroup', {
    vpc: vpc as IVpc,
    description: 'Workers call AWS over HTTPS and nobody calls them',
    allowAllOutbound: false,
  });
  securityGroup.addEgressRule(Peer.anyIpv4(), Port.tcp(443), 'AWS services');
  const engine = URL.parse(stage.engineUrl);
  // A URL has no port where it is its protocol's own.
  const port = Number(engine?.port || (engine?.protocol === 'http:' ? 80 : 443));
  if (port !== 443) securityGroup.addEgressRule(Peer.anyIpv4(), Port.tcp(port), 'The engine');
  return { vpc, securityGroup };
}
