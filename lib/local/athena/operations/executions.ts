import type { Query } from '../query-store.ts';
import { type Operation, queryOf } from './protocol.ts';

export const getQueryExecution: Operation = {
  members: ['QueryExecutionId'],
  run: call => ({ QueryExecution: described(queryOf(call, 'athena:GetQueryExecution')) }),
};

export const stopQueryExecution: Operation = {
  members: ['QueryExecutionId'],
  async run(call) {
    const { id } = queryOf(call, 'athena:StopQueryExecution');
    await call.queue.cancel(id);
    return {};
  },
};

function described(query: Query): object {
  const { outcome, endedAt, submittedAt } = query;
  const { queuedMs, planningMs = 0, engineMs = 0, scannedBytes = 0 } = outcome?.statistics ?? {};
  const failed = query.state === 'FAILED';
  return {
    QueryExecutionId: query.id,
    Query: query.sql,
    StatementType: 'DML',
    SubstatementType: 'SELECT',
    ResultConfiguration: { OutputLocation: query.output },
    QueryExecutionContext: {
      Catalog: 'awsdatacatalog',
      ...(query.database !== undefined && { Database: query.database }),
    },
    WorkGroup: query.workGroup,
    EngineVersion: { SelectedEngineVersion: 'AUTO', EffectiveEngineVersion: 'Athena engine version 3' },
    ...(query.parameters.length > 0 && { ExecutionParameters: query.parameters }),
    Status: {
      State: query.state,
      SubmissionDateTime: submittedAt / 1000,
      ...(endedAt !== undefined && { CompletionDateTime: endedAt / 1000 }),
      ...(outcome?.reason !== undefined && { StateChangeReason: outcome.reason }),
      ...(failed && {
        AthenaError: {
          ErrorCategory: outcome?.category ?? 1,
          Retryable: outcome?.category !== 2,
          ErrorMessage: outcome?.reason,
        },
      }),
    },
    Statistics: {
      DataScannedInBytes: scannedBytes,
      EngineExecutionTimeInMillis: Math.round(engineMs),
      QueryPlanningTimeInMillis: Math.round(planningMs),
      ...(queuedMs !== undefined && { QueryQueueTimeInMillis: queuedMs }),
      ...(endedAt !== undefined && { TotalExecutionTimeInMillis: endedAt - submittedAt }),
    },
  };
}
