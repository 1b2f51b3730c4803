/** The Lambda handlers of both dialects: every call that they respond to is recorded in the audit trail. */
import { apiHandler, type BoundRoute, streamingApiHandler } from '../http/api-handler.ts';
import { readOrigins } from '../http/cross-origin.ts';
import { PIXVERSE } from '../http/pixverse-dialect.ts';
import { REST } from '../http/rest-dialect.ts';
import { now, random, setting } from '../runtime/runtime.ts';
import { recordCall } from './record-call-command.ts';

const recording = () => ({
  record: recordCall.bind(null, { auditTable: setting('AUDIT_TABLE'), now, random }),
  origins: readOrigins(setting('CORS_ORIGINS')),
  support: setting('SUPPORT'),
});

/** Routes under /openapi/v2. */
export const pixverseHandler = (...routes: readonly BoundRoute[]) => apiHandler(routes, PIXVERSE, recording());

/** Routes under /v1. */
export const restHandler = (...routes: readonly BoundRoute[]) => apiHandler(routes, REST, recording());

/** Routes under /v1 whose entry streams. */
export const streamingRestHandler = (...routes: readonly BoundRoute[]) =>
  streamingApiHandler(routes, REST, recording());
