/** CDK's feature flags that bear on what is used here; each is CDK's own advice for new apps unless it says otherwise. */
export const FEATURE_FLAGS: Readonly<Record<string, unknown>> = {
  // Where the code of a function and a construct in the tree are, in each resource's metadata: the CLI asks for both.
  'aws:cdk:enable-asset-metadata': true,
  'aws:cdk:enable-path-metadata': true,
  // A finding of CDK's own template checks stops the synthesis.
  '@aws-cdk/core:validateAgainstDefaultRules': true,
  // A deployment must not set the number of workers back to the minimum under load.
  '@aws-cdk/aws-ecs:removeDefaultDesiredCount': true,
  '@aws-cdk/aws-ecs:arnFormatIncludesClusterName': true,
  '@aws-cdk/aws-ecs:disableExplicitDeploymentControllerForCircuitBreaker': true,
  '@aws-cdk/aws-ecs:removeDefaultDeploymentAlarm': true,
  '@aws-cdk/aws-ecs:reduceEc2FargateCloudWatchPermissions': true,
  // Log delivery is allowed by the bucket's policy, not by an ACL.
  '@aws-cdk/aws-s3:createDefaultLoggingPolicy': true,
  '@aws-cdk/aws-s3:serverAccessLogsUseBucketPolicy': true,
  '@aws-cdk/aws-s3:publicAccessBlockedByDefault': true,
  '@aws-cdk/aws-apigateway:logGroupDestinationArnWithoutWildcard': true,
  '@aws-cdk/aws-iam:minimizePolicies': true,
  '@aws-cdk/core:enablePartitionLiterals': true,
  '@aws-cdk/core:includePrefixInUniqueNameGeneration': true,
  // Against CDK's advice, which is weak ones: an export cannot go while another stack still uses it.
  '@aws-cdk/core:defaultCrossStackReferences': 'strong',
  // Against CDK's advice: it would add a Lambda-backed custom resource. The default security group is used by nothing.
  '@aws-cdk/aws-ec2:restrictDefaultSecurityGroup': false,
};
