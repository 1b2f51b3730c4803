/** The Lambda handlers of both dialects: every call that they respond to is recorded in the audit trail. */
import { apiHandler, type BoundRoute, type Dialect } from '../http/api-handler.ts';
import { readOrigins } from '../http/cross-origin.ts';
import { PIXVERSE } from '../http/pixverse-dialect.ts';
import { REST } from '../http/rest-dialect.ts';
import { now, random, setting } from '../runtime/runtime.ts';
import { recordCall } from './record-call-command.ts';

const recording = (routes: readonly BoundRoute[], dialect: Dialect) =>
  apiHandler(routes, dialect, {
    record: recordCall.bind(null, { auditTable: setting('AUDIT_TABLE'), now, random }),
    origins: readOrigins(setting('CORS_ORIGINS')),
  });

/** Routes under /openapi/v2. */
export const pixverseHandler = (...routes: readonly BoundRoute[]) => recording(routes, PIXVERSE);

/** Routes under /v1. */
export const restHandler = (...routes: readonly BoundRoute[]) => recording(routes, REST);
