/** AWS::S3::BucketPolicy: its statements stand on the bucket and its objects. */
import { refuseUnknown } from '../properties.ts';
import type { PolicyStatement, Resource, ResourceType } from '../service.ts';
import type { S3 } from './call.ts';

export function bucketPolicyType(s3: S3): ResourceType {
  return {
    identify: ({ name }) => ({ ref: name, attributes: {} }),
    apply({ logicalId, stack, properties }: Resource) {
      refuseUnknown(`${logicalId} (AWS::S3::BucketPolicy)`, properties, ['Bucket', 'PolicyDocument']);
      const bucket = s3.buckets.find(properties.Bucket);
      if (!bucket) throw new Error(`${logicalId}: there is no bucket ${properties.Bucket}`);
      const statements = [properties.PolicyDocument.Statement].flat() as PolicyStatement[];
      const open = statements.find(
        ({ Effect, Principal, Condition }) => Effect === 'Allow' && !Condition && isAnyone(Principal),
      );
      if (open && bucket.config.publicAccessBlock?.BlockPublicPolicy) {
        throw new Error(`${logicalId}: the bucket ${bucket.name} blocks public policies, and this one lets anyone in`);
      }
      s3.buckets.configure(bucket.name, bucket.created, { ...bucket.config, policy: properties.PolicyDocument });
      s3.context.iam.setResourcePolicy(`arn:aws:s3:::${bucket.name}`, `${stack}/${logicalId}`, statements);
    },
  };
}

function isAnyone(principal: PolicyStatement['Principal']): boolean {
  if (principal === undefined) return false;
  return (typeof principal === 'string' ? [principal] : Object.values(principal).flat()).includes('*');
}
