import { ArnFormat, Stack } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { DefinitionBody, LogLevel, StateMachine, StateMachineType } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import { acknowledge } from '../acknowledge.ts';
import type { Stage } from '../stage.ts';
import { generationFlow } from './generation-flow.ts';
import { nameOnce } from './name-once.ts';
import type { Grant, Use } from './use.ts';

/** The state machine of a generation, with a role that may send to the queue and call settle, and nothing else. */
export function makeGenerationMachine(scope: Construct, stage: Stage, queue: IQueue, settle: IFunction): StateMachine {
  const role = new Role(scope, 'GenerationRole', { assumedBy: new ServicePrincipal('states.amazonaws.com') });
  role.addToPolicy(new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [queue.queueArn] }));
  role.addToPolicy(new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [settle.functionArn] }));
  const flow = generationFlow({ queueUrl: queue.queueUrl, settleArn: settle.functionArn });
  const machine = new StateMachine(scope, 'Generation', {
    stateMachineType: StateMachineType.STANDARD,
    definitionBody: DefinitionBody.fromString(Stack.of(scope).toJsonString(flow)),
    role,
    tracingEnabled: true,
    logs: {
      destination: new LogGroup(scope, 'GenerationLogs', {
        // Below this prefix a log needs no line of its own in CloudWatch's resource policy, which is short.
        logGroupName: nameOnce(`/aws/vendedlogs/states/mutoscope-${stage.name}-generation`),
        retention: stage.logRetention,
        removalPolicy: stage.removal,
      }),
      // Every step, never its data: what customers write is in no log.
      level: LogLevel.ALL,
      includeExecutionData: false,
    },
  });
  acknowledge(role, {
    'AwsSolutions-IAM5[Resource::*]':
      'Log delivery and X-Ray are set up by calls that name no resource; every other statement names its own.',
  });
  return machine;
}

/** What may be done to this machine's executions, beside starting them. */
const ON_EXECUTIONS = { asks: 'states:DescribeExecution', stops: 'states:StopExecution' } as const;

/** For one who starts generations, and may ask about those that were started, or stop them. */
export function startable(machine: StateMachine, ...more: readonly (keyof typeof ON_EXECUTIONS)[]): Use {
  const start = { actions: ['states:StartExecution'], resources: [machine.stateMachineArn] };
  return { value: machine.stateMachineArn, grants: [start, ...onExecutions(machine, machine.stateMachineName, more)] };
}

/** For one of another stack who stops generations and starts none. */
export function stoppable(machine: StateMachine): Use {
  const name = machine.stack.exportValue(machine.stateMachineName);
  return { value: machine.stateMachineArn, grants: onExecutions(machine, name, ['stops']) };
}

function onExecutions(machine: StateMachine, name: string, what: readonly (keyof typeof ON_EXECUTIONS)[]): Grant[] {
  if (what.length === 0) return [];
  const executions = Stack.of(machine).formatArn({
    service: 'states',
    resource: 'execution',
    resourceName: `${name}:*`,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
  return [
    {
      actions: what.map(each => ON_EXECUTIONS[each]),
      resources: [executions],
      wildcard: "An execution's name is a job's id, so those of this machine can only be named together.",
    },
  ];
}

/** For a worker, which answers the task tokens of this machine's executions. */
export function answerable(machine: StateMachine): PolicyStatement {
  return new PolicyStatement({
    actions: ['states:SendTaskSuccess', 'states:SendTaskFailure', 'states:SendTaskHeartbeat'],
    resources: [machine.stateMachineArn],
  });
}
