/**
 * Lambda. Invariants: a handler runs in a process of its own, with nothing of ours in its environment and its role's
 * credentials; one request at a time; what has not answered in its time is killed. An accepted event outlives this process,
 * no handler's process does.
 */
import { randomUUID } from 'node:crypto';
import { restService } from '../protocols/rest-json.ts';
import {
  AwsError,
  type CloudContext,
  denyAccess,
  type Engine,
  type InvokeResult,
  type Ports,
  type Service,
} from '../service.ts';
import { AsyncEvents } from './async-events.ts';
import { EventSources } from './event-sources/event-sources.ts';
import { Functions } from './functions.ts';
import { Invoker } from './invoker.ts';
import { type LambdaParts, OPERATIONS } from './operations.ts';
import type { PoolLimits } from './pool.ts';
import { lambdaResources } from './resources.ts';

/**
 * What `AWS_LAMBDA_RUNTIME_API` names. Here the handler's process has its events by another way, so nothing is left for
 * one that asks for them by HTTP, or wants to be an extension: it is told so.
 */
const RUNTIME_API: Service = {
  signingName: '_lambda-runtime',
  recognises: ({ path }) => /^\/(2018-06-01\/runtime|2020-01-01\/extension|2022-07-01\/telemetry)\//.test(path),
  async handle({ method, path }) {
    throw new AwsError('Runtime.NotImplemented', `The local cloud's runtime API does not do ${method} ${path}`, 403);
  },
  refuse: ({ code, message, status }) => ({
    status,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ errorType: code, errorMessage: message }),
  }),
};

/** So many environments start at one time ahead of the first request. */
const PREWARMING_AT_ONCE = 2;

export interface LambdaOptions {
  readonly limits?: PoolLimits;
}

export interface LambdaEngine extends Engine {
  /** What is made, for the banner. */
  functions(): readonly { readonly name: string; readonly description: string }[];
  /** Starts one environment of each function in the background, where there is room. */
  prewarm(): void;
}

export function createLambda(context: CloudContext, options: LambdaOptions = {}): LambdaEngine {
  const functions = new Functions(context);
  const invoker = new Invoker(context, options.limits);
  const events = new AsyncEvents(context, ({ functionArn, payload, requestId }) => {
    if (!functions.has(functionArn)) return undefined;
    const { definition, arn } = functions.find(functionArn);
    return invoker
      .invoke({ definition, functionArn: arn, payload, requestId })
      .then(answer => answer.functionError === undefined)
      .catch(error => (error instanceof AwsError && error.code === 'TooManyRequestsException' ? 'throttled' : false));
  });
  const eventSources = new EventSources(context, functions, invoker);
  const service = restService<LambdaParts>({
    signingName: 'lambda',
    operations: OPERATIONS,
    state: { functions, invoker, events, eventSources },
    invalidInput: 'InvalidParameterValueException',
    errorBody: ({ message, status, detail }) => ({
      Type: status < 500 ? 'User' : 'Service',
      Message: message,
      message,
      ...detail,
    }),
  });
  let stopped = false;

  const invokeFunction: Ports['invokeFunction'] = async (call): Promise<InvokeResult> => {
    const { functionArn, payload, as, sourceArn, traceHeader, queued, signal, take } = call;
    const action = 'lambda:InvokeFunction';
    const source = sourceArn === undefined ? {} : { 'aws:SourceArn': sourceArn };
    const allowed = context.iam.allows({ principal: as, action, resource: functionArn, context: source });
    if (!allowed) denyAccess(as, action, functionArn);
    const { definition, arn } = functions.find(functionArn);
    const requestId = randomUUID();
    const invocation = { payload, requestId, traceHeader, queued, signal, take };
    return invoker.invoke({ definition, functionArn: arn, ...invocation });
  };

  function prewarm(): void {
    const waiting = [...functions.list()];
    const worker = async (): Promise<void> => {
      for (let next = waiting.shift(); next && !stopped; next = waiting.shift()) await invoker.prewarm(next);
    };
    Promise.all(Array.from({ length: PREWARMING_AT_ONCE }, worker)).catch(error =>
      context.log('lambda.prewarm.failed', { error: String(error) }),
    );
  }

  return {
    services: [service, RUNTIME_API],
    resources: {
      ...lambdaResources(context, functions, invoker.sandbox.inlineFolder, name => {
        invoker.retire(name);
        // Events may wait for it since an earlier start.
        setImmediate(() => events.pump());
      }),
      'AWS::Lambda::EventSourceMapping': eventSources.resourceType,
    },
    provides: { invokeFunction },
    functions: () => functions.list().map(({ name, description }) => ({ name, description })),
    prewarm,
    async start() {
      events.pump();
      await eventSources.start();
    },
    async stop() {
      stopped = true;
      events.stop();
      eventSources.stop();
      await invoker.stop();
    },
  };
}
