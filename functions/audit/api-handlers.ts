/** The Lambda handlers of both dialects: every call that they respond to is recorded in the audit trail. */
import { apiHandler, type BoundRoute } from '../http/api-handler.ts';
import { PIXVERSE } from '../http/pixverse-dialect.ts';
import { REST } from '../http/rest-dialect.ts';
import { recordCall } from './record.ts';

/** Routes under /openapi/v2. */
export const pixverseHandler = (...routes: readonly BoundRoute[]) => apiHandler(routes, PIXVERSE, recordCall);

/** Routes under /v1. */
export const restHandler = (...routes: readonly BoundRoute[]) => apiHandler(routes, REST, recordCall);
