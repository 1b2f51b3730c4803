import { Duration } from 'aws-cdk-lib';
import { Bucket, type IBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import type { Stage } from '../stage.ts';
import { closedBucket } from './media-bucket.ts';
import { makeReportsCatalog, type ReportsCatalog } from './reports-catalog.ts';

/** Where finance's files are. */
export interface Reports {
  readonly bucket: Bucket;
  readonly catalog: ReportsCatalog;
}

/**
 * The files of each day (`csv/…`, `parquet/…`), the manifests of closed months (`months/…`) and what queries answered
 * (`queries/…`). Books are kept: nothing but answers expires, and what an export replaced while its month was open.
 */
export function makeReports(scope: Construct, stage: Stage, accessLog: Bucket): Reports {
  const bucket = new Bucket(scope, 'Reports', {
    ...closedBucket(stage),
    versioned: true,
    serverAccessLogsBucket: accessLog as IBucket,
    serverAccessLogsPrefix: 'reports/',
    lifecycleRules: [
      { id: 'answers', prefix: 'queries/', expiration: Duration.days(7) },
      {
        id: 'leftovers',
        // A quarter is long enough to see what an export of an open month replaced.
        noncurrentVersionExpiration: Duration.days(92),
        abortIncompleteMultipartUploadAfter: Duration.days(1),
        expiredObjectDeleteMarker: true,
      },
    ],
  });
  return { bucket, catalog: makeReportsCatalog(scope, stage, bucket) };
}
