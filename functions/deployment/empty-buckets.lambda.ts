import type { Context } from 'aws-lambda';
import { setting } from '../runtime/runtime.ts';
import { customResource } from './cloudformation-client.ts';
import type { CustomResourceEvent } from './custom-resource.ts';
import { emptyBucket } from './empty-buckets-client.ts';

const buckets = setting('BUCKETS').split(' ');
const lockedBuckets = setting('LOCKED_BUCKETS').split(' ');
/** For the answer. */
const RESERVE_MS = 30_000;

/** Empties the buckets of a stage that is thrown away, before they go: S3 deletes no bucket that holds anything. */
export const handler = (event: CustomResourceEvent, context: Context): Promise<void> =>
  customResource(async ({ RequestType }) => {
    if (RequestType !== 'Delete') return {};
    const outOfTime = (): boolean => context.getRemainingTimeInMillis() < RESERVE_MS;
    for (const bucket of buckets) await emptyBucket(bucket, { locked: false, outOfTime });
    for (const bucket of lockedBuckets) await emptyBucket(bucket, { locked: true, outOfTime });
    return {};
  })(event);
