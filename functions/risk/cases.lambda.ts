import { restHandler } from '../audit/api-handlers.ts';
import { recordView } from '../audit/record-view-command.ts';
import { Refusal } from '../catalogue/refusal.ts';
import { route } from '../http/api-handler.ts';
import { pageOfPlaces } from '../http/page.ts';
import { now, random, setting } from '../runtime/runtime.ts';
import { describeCase } from './case.ts';
import { CASE_CURSOR, findCase, findReport, openCases } from './cases-store.ts';
import { decideCase, noSuchCase } from './decide-case-command.ts';
import * as contract from './operators-contract.ts';
import { prepareCaseReport } from './report-command.ts';

const TABLES = { core: setting('CORE_TABLE'), jobs: setting('JOBS_TABLE'), audit: setting('AUDIT_TABLE') };
const DEPENDENCIES = { tables: TABLES, now, random };
const RECORDING = { auditTable: TABLES.audit, now, random };
const LIMIT = 20;

export const handler = restHandler(
  route(contract.listCases, async ({ input: { limit = LIMIT, after } }) => {
    const { cases, next } = await openCases(TABLES.core, {
      limit,
      ...(after !== undefined && { after: CASE_CURSOR.read(after) }),
    });
    const placeOf = ({ createdAt, caseId }: NonNullable<typeof next>) => CASE_CURSOR.write({ createdAt, caseId });
    const [first, last] = [cases[0], next ?? cases.at(-1)];
    return {
      body: pageOfPlaces(cases.map(describeCase), {
        first: first && placeOf(first),
        last: last && placeOf(last),
        more: next !== undefined,
      }),
    };
  }),
  route(contract.readCase, async ({ caller, input: { id } }) => {
    const found = await findCase(TABLES.core, id);
    if (!found) throw noSuchCase();
    await recordView(RECORDING, caller, { accountId: found.accountId, what: 'case', subject: id });
    return { body: describeCase(found) };
  }),
  route(contract.decideCase, async ({ caller, input }) => ({
    body: describeCase(await decideCase(DEPENDENCIES, caller, input)),
  })),
  route(contract.prepareCaseReport, async ({ caller, input }) => {
    const { reportId, caseId, authority, preparedAt, sha256, text } = await prepareCaseReport(
      DEPENDENCIES,
      caller,
      input,
    );
    return {
      status: 201,
      body: {
        id: reportId,
        object: 'case.report' as const,
        case_id: caseId,
        authority,
        prepared_at: preparedAt,
        sha256,
        bytes: Buffer.byteLength(text),
      },
    };
  }),
  route(contract.readCaseReport, async ({ caller, input: { id, report } }) => {
    const [found, prepared] = await Promise.all([findCase(TABLES.core, id), findReport(TABLES.core, id, report)]);
    if (!found || !prepared) throw new Refusal('not_found', 'there is no such report of this case', 'report');
    await recordView(RECORDING, caller, { accountId: found.accountId, what: 'case report', subject: report });
    return { text: prepared.text, headers: { 'content-type': 'application/json' } };
  }),
);
