/**
 * Athena, for read-only queries over tables of the Glue catalog, on DuckDB. What always holds:
 *
 * - A query reads the current versions of the objects of its tables, those of surviving partitions alone, and only
 *   after the caller's own permissions allowed each (permissions.ts).
 * - DuckDB sees a folder of links to those objects and nothing else of this machine (duckdb.ts).
 * - A result is a CSV object at the output location; GetQueryResults reads that object.
 * - DuckDB is loaded by the first query. Two queries run at once; one that a crash cut short has FAILED.
 *
 * SQL: Athena speaks Trino's, this DuckDB's. What both read alike is let through, all else is refused by its name:
 * - SELECT and WITH: joins (inner, left, right, full, cross), subqueries, VALUES, UNION, INTERSECT, EXCEPT, GROUP BY,
 *   HAVING, ORDER BY, OFFSET, LIMIT, DISTINCT, CASE, window functions;
 * - the functions of sql.ts, and casts to boolean, integers, real, double, decimal, varchar, date, timestamp;
 * - whole numbers divide to whole numbers, sum(bigint) is a bigint, nulls sort last, date_trunc keeps a date a date.
 * What passes here and would not in Athena: an alias in WHERE or GROUP BY where the FROM is a subquery (over tables it
 * is refused), and types that DuckDB converts by itself
 * (`a_date = '2026-11-24'` needs `DATE '2026-11-24'` in Athena). Divisors need `nullif(x, 0)`: dividing by zero is an
 * error in Athena and null here. avg(decimal) is a double here, and a double cast to varchar is written in another way.
 * A name that only DuckDB reserves, such as `at`, needs double quotes, which Athena takes too.
 */
import { mkdirSync, readdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Catalog } from '../glue/catalog.ts';
import { jsonService } from '../protocols/json.ts';
import type { StoredObjects } from '../s3/stored-objects.ts';
import type { CloudContext, Engine } from '../service.ts';
import { type Athena, OPERATIONS } from './operations.ts';
import { QueryQueue, QueryStore } from './queries.ts';
import { runQuery } from './run-query.ts';
import { WorkGroups, workGroupResource } from './workgroup.ts';

/** Athena's own limit of a SELECT. */
const TIMEOUT_MS = 30 * 60 * 1000;
/** Athena keeps the history of queries this long. */
const HISTORY_MS = 45 * 24 * 3600 * 1000;

export interface Lake {
  readonly catalog: Catalog;
  readonly objects: StoredObjects;
}

export function createAthena(context: CloudContext, lake: Lake, { timeoutMs = TIMEOUT_MS } = {}): Engine {
  const folder = join(context.dataDir, 'athena');
  mkdirSync(folder, { recursive: true });
  const store = new QueryStore(context.database);
  const workGroups = new WorkGroups(context);
  const queue = new QueryQueue(context.clock, store, timeoutMs, (query, signal) =>
    runQuery({ ...lake, context, folder: join(folder, query.id) }, query, signal),
  );
  const state: Athena = { context, store, queue, workGroups, objects: lake.objects };
  const service = jsonService({
    signingName: 'athena',
    version: '1.1',
    targets: { AmazonAthena: OPERATIONS },
    state,
    invalidInput: 'InvalidRequestException',
  });
  return {
    services: [service],
    resources: { 'AWS::Athena::WorkGroup': workGroupResource(workGroups, store) },
    start() {
      // What a kill left, thousands of links perhaps: no start waits for that. No query to come has such a folder.
      for (const name of readdirSync(folder)) {
        rm(join(folder, name), { recursive: true, force: true }).catch(error =>
          context.log('athena.left-behind', { name, error: String(error) }),
        );
      }
      store.forget(context.clock.now() - HISTORY_MS);
      queue.resume();
    },
    stop: () => queue.stop(),
  };
}
