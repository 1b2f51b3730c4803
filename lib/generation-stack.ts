import { CfnOutput, Duration, Stack, type StackProps } from 'aws-cdk-lib';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import { alarmOnGeneration } from './constructs/alarms.ts';
import { engineKey } from './constructs/engine-key.ts';
import { functionFor } from './constructs/function.ts';
import { answerable, makeGenerationMachine, startable } from './constructs/generation-machine.ts';
import { makeGenerationQueue } from './constructs/generation-queue.ts';
import { scheduleRepeated } from './constructs/schedule.ts';
import { accountObjects, consumed, purgeable, table } from './constructs/use.ts';
import { makeWorkerCapacity } from './constructs/worker-capacity.ts';
import { makeWorkerNetwork } from './constructs/worker-network.ts';
import { scaleWorker } from './constructs/worker-scaling.ts';
import { makeWorker } from './constructs/worker-service.ts';
import type { DataStack } from './data-stack.ts';
import type { Stage } from './stage.ts';

/** What makes a video once it is admitted: state machine, queue, worker, settling, and the sweeper behind them. */
export class GenerationStack extends Stack {
  readonly machine: StateMachine;
  /** Where jobs wait for a worker. */
  readonly queue: Queue;

  constructor(scope: Construct, id: string, props: StackProps & { stage: Stage; data: DataStack }) {
    super(scope, id, { description: 'Mutoscope: what makes videos', ...props });
    const { stage, data } = props;
    const { core, jobs, ledger } = data.tables;
    const { waiting, dead } = makeGenerationQueue(this);
    this.queue = waiting;

    const settle = functionFor(this, 'functions/generation/settle.lambda.ts', stage, {
      timeout: Duration.seconds(30),
      uses: {
        CORE_TABLE: table(core, ['UpdateItem']),
        JOBS_TABLE: table(jobs, ['GetItem', 'UpdateItem', 'PutItem']),
        LEDGER_TABLE: table(ledger, ['PutItem']),
      },
    });
    this.machine = makeGenerationMachine(this, stage, waiting, settle);

    const sweep = functionFor(this, 'functions/generation/reconcile.lambda.ts', stage, {
      // Less than the minute after which it is called again.
      timeout: Duration.seconds(55),
      // Two at once do no harm, whatever is late: a job is settled once, and an execution started once by its name. No concurrency
      // is reserved, which a new AWS account has none of to give.
      asynchronous: { retryAttempts: 0, maxEventAge: Duration.minutes(1) },
      uses: {
        JOBS_TABLE: table(jobs, ['GetItem', 'UpdateItem', 'PutItem'], ['open']),
        CORE_TABLE: table(core, ['UpdateItem']),
        LEDGER_TABLE: table(ledger, ['PutItem']),
        STATE_MACHINE_ARN: startable(this.machine, 'asks', 'stops'),
        MEDIA_BUCKET: purgeable(data.media),
      },
    });
    scheduleRepeated(this, {
      name: 'Sweep',
      of: sweep,
      description: 'Looks every minute for jobs that nobody moves any more',
      expression: 'rate(1 minute)',
      every: Duration.minutes(1),
    });

    const network = makeWorkerNetwork(this, stage);
    const worker = makeWorker(this, stage, {
      network,
      capacity: makeWorkerCapacity(this, stage, network),
      uses: {
        JOBS_TABLE: table(jobs, ['GetItem', 'UpdateItem']),
        QUEUE_URL: consumed(waiting),
        // A version: of a video that was deleted while a job that works on it is open.
        MEDIA_BUCKET: accountObjects(data.media, ['GetObject', 'GetObjectVersion', 'PutObject']),
        ...engineKey(this, stage),
      },
      statements: [answerable(this.machine)],
    });
    scaleWorker(this, stage, worker, waiting);
    alarmOnGeneration(this, stage, { machine: this.machine, waiting, dead, sweep });

    new CfnOutput(this, 'StateMachineArn', { value: this.machine.stateMachineArn });
    new CfnOutput(this, 'QueueUrl', { value: waiting.queueUrl });
    new CfnOutput(this, 'SweepFunction', { value: sweep.functionName });
    new CfnOutput(this, 'WorkerTask', { value: worker.taskDefinition.taskDefinitionArn });
  }
}
