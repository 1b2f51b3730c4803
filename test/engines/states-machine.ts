/** A Step Functions engine with stubbed ports, and the few calls that every test of it makes. */
import {
  DescribeExecutionCommand,
  type DescribeExecutionCommandOutput,
  GetExecutionHistoryCommand,
  type HistoryEvent,
  SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import type { InvokeResult, Ports } from '../../lib/local/service.ts';
import { createStates } from '../../lib/local/states/states.ts';
import { type EngineCloud, startEngines } from '../support/engine-cloud.ts';

export const ROLE = 'arn:aws:iam::000000000000:role/machine';
export const FUNCTION = 'arn:aws:lambda:us-east-1:000000000000:function:work';
export const QUEUE = 'http://127.0.0.1/000000000000/jobs';

type Invoke = (payload: unknown) => unknown;

/** What the stubbed ports saw, and what the function does. */
export class Outside {
  readonly invocations: { functionArn: string; payload: unknown; as: string }[] = [];
  readonly messages: { queueUrl: string; body: string; groupId?: string; as: string }[] = [];
  onInvoke: Invoke = payload => payload;
  onSend: () => void = () => {};

  readonly ports: Pick<Ports, 'invokeFunction' | 'sendMessage'> = {
    invokeFunction: async ({ functionArn, payload, as }): Promise<InvokeResult> => {
      this.invocations.push({ functionArn, payload: JSON.parse(payload), as });
      const answer = await this.onInvoke(JSON.parse(payload));
      if (answer instanceof Error) {
        const error = { errorType: answer.name, errorMessage: answer.message };
        return { payload: JSON.stringify(error), functionError: 'Unhandled' };
      }
      return { payload: JSON.stringify(answer ?? null), functionError: undefined };
    },
    sendMessage: async message => {
      this.onSend();
      this.messages.push(message);
      return { messageId: `message-${this.messages.length}` };
    },
  };

  /** The tokens sent to the queue, oldest first. */
  get tokens(): string[] {
    return this.messages.map(({ body }) => (JSON.parse(body) as { token: string }).token);
  }
}

/** An error as a handler throws it. */
export function handlerError(name: string, message = 'no'): Error {
  return Object.assign(new Error(message), { name });
}

export interface Machines {
  cloud: EngineCloud;
  sfn: SFNClient;
  outside: Outside;
  make(definition: object, logicalId?: string): Promise<string>;
  start(definition: object, input?: unknown): Promise<string>;
  describe(executionArn: string): Promise<DescribeExecutionCommandOutput>;
  /** The execution once it has ended. */
  ended(executionArn: string): Promise<DescribeExecutionCommandOutput>;
  run(definition: object, input?: unknown): Promise<DescribeExecutionCommandOutput>;
  history(executionArn: string): Promise<HistoryEvent[]>;
  /** Resolves when the history has `count` events of the type. */
  seen(executionArn: string, type: string, count?: number): Promise<void>;
  restart(): Promise<void>;
  stop(): Promise<void>;
}

export async function startMachines(): Promise<Machines> {
  const outside = new Outside();
  let cloud = await startEngines([createStates], { ports: outside.ports });
  let sfn = new SFNClient(cloud.client);
  let made = 0;
  const machines: Machines = {
    get cloud() {
      return cloud;
    },
    get sfn() {
      return sfn;
    },
    outside,
    async make(definition, logicalId = `Machine${++made}`) {
      const properties = { DefinitionString: JSON.stringify(jsonata(definition)), RoleArn: ROLE };
      return (await cloud.make('AWS::StepFunctions::StateMachine', logicalId, properties)).ref;
    },
    async start(definition, input = {}) {
      const stateMachineArn = await machines.make(definition);
      const command = new StartExecutionCommand({ stateMachineArn, input: JSON.stringify(input) });
      return (await sfn.send(command)).executionArn ?? '';
    },
    describe: executionArn => sfn.send(new DescribeExecutionCommand({ executionArn })),
    ended: executionArn =>
      until(async () => {
        const execution = await machines.describe(executionArn);
        return execution.status === 'RUNNING' ? undefined : execution;
      }),
    run: async (definition, input) => machines.ended(await machines.start(definition, input)),
    async history(executionArn) {
      const command = new GetExecutionHistoryCommand({ executionArn, maxResults: 1000 });
      return (await sfn.send(command)).events ?? [];
    },
    seen: async (executionArn, type, count = 1) => {
      await until(async () => {
        const events = await machines.history(executionArn);
        return events.filter(event => event.type === type).length >= count || undefined;
      });
    },
    async restart() {
      sfn.destroy();
      cloud = await cloud.restart();
      sfn = new SFNClient(cloud.client);
    },
    async stop() {
      sfn.destroy();
      await cloud.stop();
    },
  };
  return machines;
}

export function jsonata(definition: object): object {
  return { QueryLanguage: 'JSONata', ...definition };
}

/** Asks until there is an answer; a test that never gets one fails by its time limit. */
export async function until<T>(ask: () => Promise<T | undefined>): Promise<T> {
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    await new Promise(resolve => setTimeout(resolve, 3));
  }
}

/** A Task that invokes the function. */
export const invoke = (more: object = {}) => ({
  Type: 'Task',
  Resource: 'arn:aws:states:::lambda:invoke',
  Arguments: { FunctionName: FUNCTION, Payload: '{% $states.input %}' },
  Output: '{% $states.result.Payload %}',
  End: true,
  ...more,
});

/** A Task that sends its token to the queue and waits. */
export const askQueue = (more: object = {}) => ({
  Type: 'Task',
  Resource: 'arn:aws:states:::sqs:sendMessage.waitForTaskToken',
  Arguments: {
    QueueUrl: QUEUE,
    MessageBody: { token: '{% $states.context.Task.Token %}', job: '{% $states.input %}' },
  },
  End: true,
  ...more,
});

/** A machine of one state. */
export const only = (state: object) => ({ StartAt: 'Only', States: { Only: state } });
