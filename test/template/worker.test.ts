import { existsSync, globSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { JOBS_PER_WORKER } from '../../lib/constructs/worker-scaling.ts';
import { allResources, assembly, assemblyOf, PRODUCTION, resources } from './synthesised.ts';

const [task] = resources('AWS::ECS::TaskDefinition');
const [service] = resources('AWS::ECS::Service');
const production = await assemblyOf(PRODUCTION);
const container = task?.properties.ContainerDefinitions[0];
const context = assembly.assetFolder(container.Image.split(':').at(-1)) ?? '';

describe('the worker', () => {
  test('says its command in the task, and the file is in the image', () => {
    expect(container.Command).toEqual(['node', 'functions/worker/main.ts']);
    expect(existsSync(join(context, 'functions/worker/main.ts'))).toBe(true);
  });

  test("its image's context holds the code and what npm needs, and nothing else", () => {
    expect(globSync('*', { cwd: context }).sort()).toEqual(['functions', 'package-lock.json', 'package.json']);
    expect(existsSync(join(context, '.npmrc'))).toBe(true);
    expect(existsSync(join(context, 'functions/worker/Dockerfile'))).toBe(true);
    expect(globSync('**/*.lambda.ts', { cwd: context })).toEqual([]);
  });

  test('that draws previews has CPUs of Fargate: no GPU is rented, and no host', () => {
    expect(container.ResourceRequirements).toBeUndefined();
    for (const type of ['CapacityProvider', 'ClusterCapacityProviderAssociations'])
      expect(resources(`AWS::ECS::${type}`)).toEqual([]);
    expect(task?.properties.RequiresCompatibilities).toEqual(['FARGATE']);
    expect(service?.properties.LaunchType).toBe('FARGATE');
    // 4 vCPU are sold with 8 to 30 GB.
    expect([task?.properties.Cpu, task?.properties.Memory]).toEqual(['4096', '8192']);
  });

  test('has time to end, cannot write to its own code, and never waits for its log', () => {
    expect(container).toMatchObject({ StopTimeout: 120, ReadonlyRootFilesystem: true });
    expect(container.LogConfiguration.Options.mode).toBe('non-blocking');
  });

  test('is replaced only by one that runs, and a deployment leaves the number of workers alone', () => {
    expect(service?.properties.DeploymentConfiguration).toMatchObject({
      MinimumHealthyPercent: 100,
      DeploymentCircuitBreaker: { Enable: true, Rollback: true },
    });
    expect(service?.properties.DesiredCount).toBeUndefined();
  });

  test('cannot be called, and calls out only by HTTPS', () => {
    const [group] = resources('AWS::EC2::SecurityGroup');
    expect(group?.properties.SecurityGroupIngress).toBeUndefined();
    expect(resources('AWS::EC2::SecurityGroupIngress')).toEqual([]);
    expect(group?.properties.SecurityGroupEgress).toEqual([expect.objectContaining({ FromPort: 443, ToPort: 443 })]);
  });
});

describe('the worker of a neural engine', () => {
  const [hosts] = allResources(production, 'AWS::ECS::CapacityProvider');
  const [definition] = allResources(production, 'AWS::ECS::TaskDefinition');
  const { InstanceRequirements } = hosts?.properties.ManagedInstancesProvider.InstanceLaunchTemplate ?? {};

  test('has a GPU on a host that has one', () => {
    expect(definition?.properties.ContainerDefinitions[0].ResourceRequirements).toEqual([{ Type: 'GPU', Value: '1' }]);
    expect(InstanceRequirements).toMatchObject({ AcceleratorCount: { Min: 1, Max: 1 }, AcceleratorTypes: ['gpu'] });
    const [one] = allResources(production, 'AWS::ECS::Service');
    expect(one?.properties.CapacityProviderStrategy).toEqual([
      { CapacityProvider: `<${hosts?.logicalId}>`, Weight: 1 },
    ]);
  });

  test('fits on the smallest host that its capacity may start', () => {
    expect(Number(definition?.properties.Cpu)).toBeLessThan(InstanceRequirements.VCpuCount.Min * 1024);
    expect(Number(definition?.properties.Memory)).toBeLessThan(InstanceRequirements.MemoryMiB.Min);
  });

  test('stands on hosts whose role ECS may pass on, named as its policy wants', () => {
    const named = ['AWS::IAM::Role', 'AWS::IAM::InstanceProfile']
      .flatMap(type => allResources(production, type))
      .flatMap(({ properties }) => properties.RoleName ?? properties.InstanceProfileName ?? []);
    const name = 'ecsInstanceRole-mutoscope-prod-<AWS::Region>';
    expect(named).toEqual([name, name]);
    // With the longest name of a stage and of a region.
    expect(name.replace('prod', 'a'.repeat(20)).replace('<AWS::Region>', 'ap-southeast-2').length).toBeLessThanOrEqual(
      64,
    );
  });
});

describe('scaling', () => {
  const [policy] = resources('AWS::ApplicationAutoScaling::ScalingPolicy');
  const tracking = policy?.properties.TargetTrackingScalingPolicyConfiguration;

  test('follows unfinished jobs per worker, those in hand included', () => {
    expect(tracking.TargetValue).toBe(JOBS_PER_WORKER);
    const names = tracking.CustomizedMetricSpecification.Metrics.map(
      (query: { MetricStat?: { Metric: { MetricName: string } } }) => query.MetricStat?.Metric.MetricName,
    );
    expect(names).toEqual([
      'ApproximateNumberOfMessagesVisible',
      'ApproximateNumberOfMessagesNotVisible',
      'RunningTaskCount',
      undefined,
    ]);
  });

  test('answers with one value, and more than the target for one job where no worker runs', () => {
    const answering = tracking.CustomizedMetricSpecification.Metrics.filter(
      (query: { ReturnData: boolean }) => query.ReturnData,
    );
    expect(answering).toHaveLength(1);
    const factor = /\(waiting \+ inHand\) \* (\d+)\)$/.exec(answering[0].Expression)?.[1];
    expect(Number(factor)).toBeGreaterThan(tracking.TargetValue);
  });

  test('keeps within the stage', () => {
    const [target] = resources('AWS::ApplicationAutoScaling::ScalableTarget');
    expect(target?.properties).toMatchObject({ MinCapacity: 1, MaxCapacity: 4 });
  });
});
