import { CfnScalableTarget, CfnScalingPolicy } from 'aws-cdk-lib/aws-applicationautoscaling';
import type { FargateService } from 'aws-cdk-lib/aws-ecs';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import type { Stage } from '../stage.ts';

/** Seconds that a usual job takes: 5 s of 540p film on an L4 or drawn. */
const SECONDS_PER_JOB = 60;
/** Seconds that a job may wait for a worker before another worker is worth its price. */
const WAIT_SECONDS = 120;

/** Unfinished jobs a worker: the one in hand and those that it reaches within the wait, 1 + 120 / 60 = 3. */
export const JOBS_PER_WORKER = 1 + WAIT_SECONDS / SECONDS_PER_JOB;

/**
 * Keeps the unfinished jobs per worker at the target. Jobs in hand count as well as those that wait: by the waiting ones
 * alone, busy workers would be stopped as soon as the queue is empty.
 */
export function scaleWorker(scope: Construct, stage: Stage, service: FargateService, queue: Queue): void {
  // Without a role: for ECS, scaling acts by its own service-linked one.
  const target = new CfnScalableTarget(scope, 'WorkerCount', {
    serviceNamespace: 'ecs',
    resourceId: `service/${service.cluster.clusterName}/${service.serviceName}`,
    scalableDimension: 'ecs:service:DesiredCount',
    minCapacity: stage.workerMin,
    maxCapacity: stage.workerMax,
  });
  const ofQueue = (id: string, metricName: string): CfnScalingPolicy.TargetTrackingMetricDataQueryProperty => ({
    id,
    metricStat: {
      metric: {
        namespace: 'AWS/SQS',
        metricName,
        dimensions: [{ name: 'QueueName', value: queue.queueName }],
      },
      stat: 'Maximum',
    },
    returnData: false,
  });
  new CfnScalingPolicy(scope, 'WorkerScaling', {
    policyName: 'jobs-per-worker',
    policyType: 'TargetTrackingScaling',
    scalingTargetId: target.ref,
    targetTrackingScalingPolicyConfiguration: {
      targetValue: JOBS_PER_WORKER,
      // A host takes minutes to come, so none is sent away for a short lull.
      scaleInCooldown: 600,
      scaleOutCooldown: 120,
      customizedMetricSpecification: {
        metrics: [
          ofQueue('waiting', 'ApproximateNumberOfMessagesVisible'),
          ofQueue('inHand', 'ApproximateNumberOfMessagesNotVisible'),
          {
            id: 'workers',
            metricStat: {
              metric: {
                namespace: 'ECS/ContainerInsights',
                metricName: 'RunningTaskCount',
                dimensions: [
                  { name: 'ClusterName', value: service.cluster.clusterName },
                  { name: 'ServiceName', value: service.serviceName },
                ],
              },
              stat: 'Average',
            },
            returnData: false,
          },
          {
            id: 'jobsPerWorker',
            // Where no worker runs, one job is twice the target: it must bring the first worker.
            expression: `IF(FILL(workers, 0) > 0, (waiting + inHand) / FILL(workers, 0), (waiting + inHand) * ${2 * JOBS_PER_WORKER})`,
            returnData: true,
          },
        ],
      },
    },
  });
}
