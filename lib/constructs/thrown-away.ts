import { CustomResource, Duration } from 'aws-cdk-lib';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import type { Stage } from '../stage.ts';
import { functionFor } from './function.ts';
import type { Use } from './use.ts';

/**
 * Lets a stage that keeps nothing go with all that is in its buckets. They are emptied after everything that writes to them
 * is gone: the other stacks, and the policies, by one of which S3 itself delivers its log of accesses.
 */
export function emptyOnDestroy(
  scope: Construct,
  stage: Stage,
  { buckets, lockedBuckets }: { readonly buckets: readonly Bucket[]; readonly lockedBuckets: readonly Bucket[] },
): void {
  if (stage.retain) return;
  const emptying = functionFor(scope, 'functions/deployment/empty-buckets.lambda.ts', stage, {
    // The longest that Lambda gives: some millions of versions. What is left then, the next try removes.
    timeout: Duration.minutes(15),
    uses: {
      BUCKETS: emptiable(buckets, []),
      LOCKED_BUCKETS: emptiable(lockedBuckets, ['s3:BypassGovernanceRetention']),
    },
  });
  const emptied = new CustomResource(scope, 'EmptiedBuckets', {
    serviceToken: emptying.functionArn,
    resourceType: 'Custom::EmptyBuckets',
    serviceTimeout: Duration.minutes(16),
    properties: { Buckets: [...buckets, ...lockedBuckets].map(({ bucketName }) => bucketName) },
  });
  for (const { policy } of [...buckets, ...lockedBuckets]) policy?.node.addDependency(emptied);
}

function emptiable(buckets: readonly Bucket[], more: readonly string[]): Use {
  return {
    value: buckets.map(({ bucketName }) => bucketName).join(' '),
    grants: [
      { actions: ['s3:ListBucketVersions'], resources: buckets.map(({ bucketArn }) => bucketArn) },
      {
        actions: ['s3:DeleteObject', 's3:DeleteObjectVersion', ...more],
        resources: buckets.map(({ bucketArn }) => `${bucketArn}/*`),
        wildcard: 'All that is in a bucket goes with it.',
      },
    ],
  };
}
