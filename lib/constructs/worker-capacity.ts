import { Fn, Size } from 'aws-cdk-lib';
import {
  AcceleratorManufacturer,
  AcceleratorType,
  CpuManufacturer,
  InstanceGeneration,
  type IVpc,
} from 'aws-cdk-lib/aws-ec2';
import { Cluster, ContainerInsights, ManagedInstancesCapacityProvider } from 'aws-cdk-lib/aws-ecs';
import type { CfnInstanceProfile, CfnRole } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { acknowledge } from '../acknowledge.ts';
import type { Stage } from '../stage.ts';
import type { WorkerNetwork } from './worker-network.ts';

export interface WorkerCapacity {
  readonly cluster: Cluster;
  /** The hosts with a GPU; without them workers stand on Fargate. */
  readonly gpuHosts: ManagedInstancesCapacityProvider | undefined;
}

/** Where workers stand. The preview engine draws on CPUs: it needs no hosts, and no quota of GPUs, which a new AWS account lacks. */
export function makeWorkerCapacity(scope: Construct, stage: Stage, network: WorkerNetwork): WorkerCapacity {
  const cluster = new Cluster(scope, 'Workers', {
    vpc: network.vpc as IVpc,
    containerInsightsV2: ContainerInsights.ENABLED,
  });
  return { cluster, gpuHosts: stage.engine === 'preview' ? undefined : makeGpuHosts(scope, stage, cluster, network) };
}

/**
 * ECS Managed Instances: AWS starts, patches and ends the GPU hosts, and an idle one is ended. Workers hold a model
 * resident, so one worker takes one host with one GPU.
 */
function makeGpuHosts(
  scope: Construct,
  stage: Stage,
  cluster: Cluster,
  { vpc, securityGroup }: WorkerNetwork,
): ManagedInstancesCapacityProvider {
  const provider = new ManagedInstancesCapacityProvider(scope, 'GpuHosts', {
    subnets: vpc.privateSubnets,
    securityGroups: [securityGroup],
    instanceRequirements: {
      vCpuCountMin: 4,
      vCpuCountMax: 16,
      memoryMin: Size.gibibytes(16),
      cpuManufacturers: [CpuManufacturer.INTEL, CpuManufacturer.AMD],
      instanceGenerations: [InstanceGeneration.CURRENT],
      acceleratorTypes: [AcceleratorType.GPU],
      acceleratorManufacturers: [AcceleratorManufacturer.NVIDIA],
      acceleratorCountMin: 1,
      acceleratorCountMax: 1,
      // An L4 or A10G is sold as 24 GB and listed by EC2 with a little over 22 GiB.
      acceleratorTotalMemoryMin: Size.gibibytes(22),
    },
    // The image, an engine's weights, and films in the making.
    taskVolumeStorage: Size.gibibytes(150),
  });
  cluster.addManagedInstancesCapacityProvider(provider);
  // AWS's policy for ECS passes on roles that are named so. CDK adds the stack's name, which another region may have too,
  // where IAM is one for all regions.
  const name = Fn.join('-', ['ecsInstanceRole-mutoscope', stage.name, Fn.ref('AWS::Region')]);
  (provider.node.findChild('InstanceRole').node.defaultChild as CfnRole).roleName = name;
  (provider.node.findChild('InstanceProfile').node.defaultChild as CfnInstanceProfile).instanceProfileName = name;
  const agent =
    'The ECS agent registers and reports a host whose id is not known before it starts; CDK writes this policy.';
  acknowledge(provider, {
    'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/AmazonECSInfrastructureRolePolicyForManagedInstances]':
      'AWS maintains this policy for ECS Managed Instances: ECS starts and ends hosts with it, and only those it tagged.',
    'AwsSolutions-IAM5[Resource::*]': agent,
    'AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:ecs:<AWS::Region>:<AWS::AccountId>:container-instance/*]': agent,
  });
  return provider;
}
