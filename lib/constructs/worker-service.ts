import { Duration, IgnoreMode, Size } from 'aws-cdk-lib';
import { Platform } from 'aws-cdk-lib/aws-ecr-assets';
import {
  AwsLogDriverMode,
  Compatibility,
  ContainerImage,
  CpuArchitecture,
  FargateService,
  type ICluster,
  LinuxParameters,
  LogDrivers,
  NetworkMode,
  OperatingSystemFamily,
  TaskDefinition,
} from 'aws-cdk-lib/aws-ecs';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { acknowledge } from '../acknowledge.ts';
import { engineSettings, type Stage } from '../stage.ts';
import { ROOT } from './bundles.ts';
import { grantUses, type Uses } from './use.ts';
import type { WorkerCapacity } from './worker-capacity.ts';
import type { WorkerNetwork } from './worker-network.ts';

/** What goes into the image's context: the worker and what it imports, and what npm needs to install the rest. */
const CONTEXT = ['**', '!package.json', '!package-lock.json', '!.npmrc', '!functions/**', 'functions/**/*.lambda.ts'];

export interface WorkerNeeds {
  readonly network: WorkerNetwork;
  readonly capacity: WorkerCapacity;
  readonly uses: Uses;
  readonly statements: readonly PolicyStatement[];
}

/**
 * What a task takes. On a GPU host: of the smallest one's 4 vCPU and 16 GiB; the rest is for the system and the ECS agent. On
 * Fargate: the CPUs that the encoder has threads for, one of the sizes that it sells.
 */
const SIZES = { gpu: { cpu: '3072', memoryMiB: '12288' }, fargate: { cpu: '4096', memoryMiB: '8192' } } as const;
/** On Fargate: the image, and films in the making. */
const FARGATE_STORAGE_GIB = 40;

/** The worker: one task, one model, and one GPU where the model is neural; it takes messages from the queue until it is told to stop. */
export function makeWorker(scope: Construct, stage: Stage, needs: WorkerNeeds): FargateService {
  const { cluster, gpuHosts } = needs.capacity;
  const size = gpuHosts ? SIZES.gpu : SIZES.fargate;
  const task = new TaskDefinition(scope, 'WorkerDefinition', {
    compatibility: gpuHosts ? Compatibility.MANAGED_INSTANCES : Compatibility.FARGATE,
    ...(!gpuHosts && { ephemeralStorageGiB: FARGATE_STORAGE_GIB }),
    networkMode: NetworkMode.AWS_VPC,
    runtimePlatform: {
      cpuArchitecture: CpuArchitecture.X86_64,
      operatingSystemFamily: OperatingSystemFamily.LINUX,
    },
    ...size,
  });
  for (const statement of needs.statements) task.addToTaskRolePolicy(statement);
  const linuxParameters = new LinuxParameters(scope, 'WorkerLinux', { initProcessEnabled: true });
  const container = task.addContainer('Worker', {
    image: ContainerImage.fromAsset(ROOT, {
      file: 'functions/worker/Dockerfile',
      exclude: CONTEXT,
      ignoreMode: IgnoreMode.DOCKER,
      platform: Platform.LINUX_AMD64,
    }),
    // Said here although the image says it too: whoever runs the task without its image runs this.
    command: ['node', 'functions/worker/main.ts'],
    environment: {
      POWERTOOLS_SERVICE_NAME: 'worker',
      POWERTOOLS_METRICS_NAMESPACE: 'Mutoscope',
      POWERTOOLS_LOG_LEVEL: stage.logLevel,
      ...engineSettings(stage),
      ENGINE_URL: stage.engineUrl,
      ENGINE_DEADLINE_SECONDS: String(stage.engineDeadlineSeconds),
      ENGINE_TRIAL_SECONDS: String(stage.engineTrialSeconds),
      ...grantUses(task.taskRole, needs.uses),
    },
    ...(gpuHosts && { gpuCount: 1 }),
    memoryLimitMiB: Number(size.memoryMiB),
    readonlyRootFilesystem: true,
    linuxParameters,
    // ECS's most: time to finish the film at hand, or to hand its message back.
    stopTimeout: Duration.seconds(120),
    logging: LogDrivers.awsLogs({
      streamPrefix: 'worker',
      logGroup: new LogGroup(scope, 'WorkerLogs', { retention: stage.logRetention, removalPolicy: stage.removal }),
      // A worker never waits for its log: what does not fit in the buffer is dropped.
      mode: AwsLogDriverMode.NON_BLOCKING,
      maxBufferSize: Size.mebibytes(25),
    }),
  });
  // The one place that can be written to; the image makes it the worker's own.
  task.addVolume({ name: 'scratch', host: {} });
  container.addMountPoints({ sourceVolume: 'scratch', containerPath: '/scratch', readOnly: false });
  acknowledge(task, {
    'AwsSolutions-ECS2':
      'The variables name resources, an engine and a log level; of a secret only the name is among them.',
    'AwsSolutions-IAM5[Resource::*]':
      'ECR gives its login token without naming a resource; every other statement names its own.',
  });
  const service = new FargateService(scope, 'Worker', {
    cluster: cluster as ICluster,
    taskDefinition: task,
    ...(gpuHosts && { capacityProviderStrategies: [{ capacityProvider: gpuHosts.capacityProviderName, weight: 1 }] }),
    securityGroups: [needs.network.securityGroup],
    // A new worker is warm before an old one is told to stop.
    minHealthyPercent: 100,
    maxHealthyPercent: 200,
    circuitBreaker: { rollback: true },
  });
  // A task that starts before there is a way out fails, and three of them fail the deployment; and while tasks end, it stays.
  service.node.addDependency(needs.network.vpc);
  return service;
}
