/** Queries over the exported days, by Athena: submitted, waited for, read page by page. */
import { setTimeout as pause } from 'node:timers/promises';
import {
  AthenaClient,
  GetQueryExecutionCommand,
  GetQueryResultsCommand,
  type GetQueryResultsCommandOutput,
  StartQueryExecutionCommand,
  StopQueryExecutionCommand,
} from '@aws-sdk/client-athena';
import { Refusal } from '../catalogue/refusal.ts';
import { now } from '../runtime/runtime.ts';
import type { Answered } from './report.ts';

const client = new AthenaClient({});
const LOOK_MS = 150;
const LONGEST_LOOK_MS = 1000;
/** The most rows that Athena returns at once. */
const PAGE = 1000;

export interface Catalog {
  readonly database: string;
  readonly workgroup: string;
}

/** All rows of a query; throws a Refusal where it has not ended by `deadline` (epoch ms). */
export async function runQuery({ database, workgroup }: Catalog, sql: string, deadline: number): Promise<Answered[]> {
  const { QueryExecutionId = '' } = await client.send(
    new StartQueryExecutionCommand({
      QueryString: sql,
      QueryExecutionContext: { Database: database },
      WorkGroup: workgroup,
    }),
  );
  for (let wait = LOOK_MS; ; wait = Math.min(wait * 1.5, LONGEST_LOOK_MS)) {
    await pause(wait);
    const { QueryExecution } = await client.send(new GetQueryExecutionCommand({ QueryExecutionId }));
    const { State, StateChangeReason } = QueryExecution?.Status ?? {};
    if (State === 'SUCCEEDED') return resultOf(QueryExecutionId);
    if (State === 'FAILED' || State === 'CANCELLED') throw new Error(`the query ${State}: ${StateChangeReason}`);
    if (now() < deadline) continue;
    await client.send(new StopQueryExecutionCommand({ QueryExecutionId }));
    throw new Refusal('busy', 'the report takes longer than a call may; ask for fewer days, or again in a moment');
  }
}

async function resultOf(QueryExecutionId: string): Promise<Answered[]> {
  const rows: Answered[] = [];
  let NextToken: string | undefined;
  do {
    const page: GetQueryResultsCommandOutput = await client.send(
      new GetQueryResultsCommand({ QueryExecutionId, MaxResults: PAGE, NextToken }),
    );
    rows.push(...(page.ResultSet?.Rows ?? []).map(({ Data = [] }) => Data.map(({ VarCharValue }) => VarCharValue)));
    NextToken = page.NextToken;
  } while (NextToken);
  // The first row has the names of the columns.
  return rows.slice(1);
}
