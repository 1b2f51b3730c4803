import { Duration } from 'aws-cdk-lib';
import type { RestApi } from 'aws-cdk-lib/aws-apigateway';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import {
  closeMonth,
  listReportEntries,
  listReports,
  readMonth,
  readReport,
} from '../../functions/finance/report-contract.ts';
import type { Stage } from '../stage.ts';
import { functionFor } from './function.ts';
import type { Reports } from './reports.ts';
import { queried } from './reports-catalog.ts';
import { addRoutes, type Door } from './routes.ts';
import type { Tables } from './tables.ts';
import { table, type Use } from './use.ts';

/** What finance reads and closes under /v1/reports. */
export function makeFinanceApi(
  scope: Construct,
  stage: Stage,
  api: RestApi,
  authorizer: Door,
  { reports, tables: { core, audit } }: { readonly reports: Reports; readonly tables: Tables },
): void {
  // Within the 29 seconds after which API Gateway stops waiting.
  const timeout = Duration.seconds(28);
  const read = functionFor(scope, 'functions/finance/reports.lambda.ts', stage, {
    timeout,
    uses: { ...queried(reports.catalog, reports.bucket), CORE_TABLE: table(core, ['Query']) },
  });
  const months = functionFor(scope, 'functions/finance/months.lambda.ts', stage, {
    timeout,
    uses: {
      CORE_TABLE: table(core, ['GetItem', 'PutItem', 'ConditionCheckItem', 'Query']),
      AUDIT_TABLE: table(audit, ['PutItem']),
      REPORTS_BUCKET: books(reports.bucket),
    },
  });
  addRoutes(api, authorizer, read, { listReports, readReport, listReportEntries });
  addRoutes(api, authorizer, months, { readMonth, closeMonth });
}

/** Manifests are written and read; of files only what S3 knows of them, for which it asks the right to read. */
function books(bucket: Bucket): Use {
  const bucketArn = bucket.stack.exportValue(bucket.bucketArn);
  const grant = {
    actions: ['s3:PutObject', 's3:GetObject'],
    resources: [`${bucketArn}/months/*`],
    wildcard: 'A manifest is named by its month and its hash.',
  };
  const files = {
    actions: ['s3:GetObject'],
    resources: [`${bucketArn}/csv/*`, `${bucketArn}/parquet/*`],
    wildcard: 'A file is named by its dataset and its day.',
  };
  // Without it S3 refuses to read what is not there, instead of saying so; a condition on the prefix is not met then.
  const list = { actions: ['s3:ListBucket'], resources: [bucketArn] };
  return { value: bucket.bucketName, grants: [grant, files, list] };
}
