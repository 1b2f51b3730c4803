/** What Lambda's API tells of event source mappings; they are made by templates alone. */
import type { AwsRequest } from '../../service.ts';
import type { LambdaParts } from '../lambda-service.ts';
import type { Poller } from './poller.ts';

type Description = (parts: LambdaParts, request: AwsRequest, id: string) => object;

export const getEventSourceMapping: Description = ({ eventSources, functions }, request, id) => {
  request.authorize(
    'lambda:GetEventSourceMapping',
    functions.arnOf('').replace(/function:$/, `event-source-mapping:${id}`),
  );
  const poller = eventSources.find(id);
  return described(poller, functions.find(poller.mapping.functionName).arn);
};

export const listEventSourceMappings: Description = ({ eventSources, functions }, request) => {
  request.authorize('lambda:ListEventSourceMappings', '*');
  const source = request.query.get('EventSourceArn');
  const called = request.query.get('FunctionName');
  const of = called === null ? undefined : functions.calledArn(called);
  const found = eventSources.all().map(poller => ({ poller, arn: functions.find(poller.mapping.functionName).arn }));
  const wanted = found.filter(
    ({ poller, arn }) => (source === null || poller.mapping.streamArn === source) && (of === undefined || arn === of),
  );
  return { EventSourceMappings: wanted.map(({ poller, arn }) => described(poller, arn)) };
};

function described({ mapping, lastResult }: Poller, functionArn: string): object {
  const finite = (value: number): number => (Number.isFinite(value) ? value : -1);
  return {
    UUID: mapping.id,
    EventSourceArn: mapping.streamArn,
    FunctionArn: functionArn,
    State: mapping.enabled ? 'Enabled' : 'Disabled',
    StateTransitionReason: 'User action',
    LastProcessingResult: lastResult,
    StartingPosition: mapping.startingPosition,
    BatchSize: mapping.batchSize,
    MaximumBatchingWindowInSeconds: mapping.windowMs / 1000,
    ParallelizationFactor: 1,
    MaximumRetryAttempts: finite(mapping.retries),
    MaximumRecordAgeInSeconds: finite(mapping.oldestMs / 1000),
    BisectBatchOnFunctionError: mapping.bisects,
    FunctionResponseTypes: mapping.reportsItemFailures ? ['ReportBatchItemFailures'] : [],
    DestinationConfig: { OnFailure: { Destination: mapping.onFailure } },
  };
}
