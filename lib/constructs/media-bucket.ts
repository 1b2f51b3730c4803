import { Duration } from 'aws-cdk-lib';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  type BucketProps,
  HttpMethods,
  type IBucket,
  type LifecycleRule,
  ObjectOwnership,
} from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { LIFECYCLE_GRACE_DAYS, RETENTION_PERIODS, RETENTION_TAG } from '../../functions/catalogue/retention.ts';
import { EXPORT_DAYS } from '../../functions/retention/exports-contract.ts';
import type { Stage } from '../stage.ts';

/** What all buckets have in common. */
export function closedBucket(stage: Stage): BucketProps {
  return {
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
    enforceSSL: true,
    // Not KMS: a key of our own would add a price to every request and protect from nobody whom IAM lets in.
    encryption: BucketEncryption.S3_MANAGED,
    removalPolicy: stage.removal,
  };
}

/** What a deletion leaves behind, and what an upload began and did not end. */
const LEFTOVERS: LifecycleRule = {
  id: 'leftovers',
  noncurrentVersionExpiration: Duration.days(1),
  abortIncompleteMultipartUploadAfter: Duration.days(1),
  expiredObjectDeleteMarker: true,
};

/** One for each period that a tag can name, whatever accounts there are. */
const RETENTION_RULES: readonly LifecycleRule[] = RETENTION_PERIODS.map(days => ({
  id: `retention-${days}`,
  tagFilters: { [RETENTION_TAG]: String(days) },
  expiration: Duration.days(days + LIFECYCLE_GRACE_DAYS),
}));

/**
 * What belongs to an account whose service has ended is tagged before it is deleted, so that S3 ends what a deletion that was
 * cut off for good has left. Tags are of objects that stand; LEFTOVERS ends what noncurrent versions that leaves.
 */
const PURGED: LifecycleRule = { id: 'purged', tagFilters: { purge: 'true' }, expiration: Duration.days(1) };

/** The record of every access to the other buckets. */
export function makeAccessLog(scope: Construct, stage: Stage): Bucket {
  return new Bucket(scope, 'AccessLog', {
    ...closedBucket(stage),
    lifecycleRules: [
      { id: 'expire', expiration: Duration.days(90), abortIncompleteMultipartUploadAfter: Duration.days(1) },
    ],
  });
}

/** Media by account, `accounts/<id>/…`. Links are presigned when they are asked for; nothing here is public. */
export function makeMediaBucket(scope: Construct, stage: Stage, accessLog: Bucket): Bucket {
  return new Bucket(scope, 'Media', {
    ...closedBucket(stage),
    versioned: true,
    // Nothing is locked by itself: a legal hold that names a video locks what it is of.
    objectLockEnabled: true,
    // Its own interface does not fit CDK's class under exactOptionalPropertyTypes, here and wherever `as I…` stands.
    serverAccessLogsBucket: accessLog as IBucket,
    serverAccessLogsPrefix: 'media/',
    // Whoever has a link may read by it, a page in a browser too: the link is the key, and browsers add none of theirs.
    cors: [
      {
        allowedMethods: [HttpMethods.GET, HttpMethods.HEAD],
        allowedOrigins: ['*'],
        allowedHeaders: ['*'],
        exposedHeaders: ['Accept-Ranges', 'Content-Disposition', 'Content-Length', 'Content-Range', 'ETag'],
        maxAge: 7200,
      },
    ],
    // A backstop for cost: S3 removes within days of these times. Deletion that is promised is done, not awaited.
    lifecycleRules: [
      PURGED,
      ...RETENTION_RULES,
      // Apart from the rule above: S3 takes no delete-marker expiry in a rule with days or tags.
      LEFTOVERS,
    ],
  });
}

/**
 * Documents by which accounts show who they are, `accounts/<id>/<document>`. Apart from media, so that a grant on media, such
 * as of the worker that decodes strangers' files, is none on identity papers.
 */
export function makeDocumentsBucket(scope: Construct, stage: Stage, accessLog: Bucket): Bucket {
  return new Bucket(scope, 'Documents', {
    ...closedBucket(stage),
    versioned: true,
    serverAccessLogsBucket: accessLog as IBucket,
    serverAccessLogsPrefix: 'documents/',
    objectLockEnabled: true,
    lifecycleRules: [PURGED, LEFTOVERS],
  });
}

/** Owners' exports, `accounts/<id>/<export>/…`: made to be fetched within days, and made anew where they are wanted again. */
export function makeAccountExportsBucket(scope: Construct, stage: Stage, accessLog: Bucket): Bucket {
  return new Bucket(scope, 'AccountExports', {
    ...closedBucket(stage),
    serverAccessLogsBucket: accessLog as IBucket,
    serverAccessLogsPrefix: 'account-exports/',
    lifecycleRules: [
      { id: 'expire', expiration: Duration.days(EXPORT_DAYS), abortIncompleteMultipartUploadAfter: Duration.days(1) },
    ],
  });
}

/**
 * Invoices, receipts and credit notes as PDF, `accounts/<id>/<document>/…`: kept as books are, so that nothing expires, and
 * what was written is there even where another was put on top of it.
 */
export function makeInvoicesBucket(scope: Construct, stage: Stage, accessLog: Bucket): Bucket {
  return new Bucket(scope, 'Invoices', {
    ...closedBucket(stage),
    versioned: true,
    serverAccessLogsBucket: accessLog as IBucket,
    serverAccessLogsPrefix: 'invoices/',
    lifecycleRules: [{ id: 'leftovers', abortIncompleteMultipartUploadAfter: Duration.days(1) }],
  });
}
