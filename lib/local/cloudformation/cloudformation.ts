/**
 * CloudFormation: stacks of resources that the other engines make, by the query protocol, as the CDK's and AWS's command lines
 * speak it. `deployments.ts` says what always holds. Not here: nested stacks, macros, drift, imports, stack sets and
 * policies; what a stack may do is not held to the role that it is given.
 */
import { wordsFor } from '../protocols/operation.ts';
import { queryService } from '../protocols/query.ts';
import type { StoredObjects } from '../s3/stored-objects.ts';
import { AwsError, type CloudContext, type Engine } from '../service.ts';
import { createCustomResources } from './custom-resource.ts';
import { Deployments } from './deployments.ts';
import { FunctionCode } from './function-code.ts';
import { OPERATIONS } from './operations.ts';
import type { CloudFormation } from './stack-input.ts';
import { StackStore } from './stack-store.ts';
import type { Lookups } from './template.ts';

export interface CloudFormationEngine extends Engine {
  readonly deployments: Deployments;
}

export function createCloudFormation(
  context: CloudContext,
  { objects, lookups }: { readonly objects: StoredObjects; readonly lookups: Lookups },
): CloudFormationEngine {
  const code = new FunctionCode(objects, context.dataDir);
  const deployments = new Deployments(context, { store: new StackStore(context), lookups, code });
  const custom = createCustomResources(context);
  const service = queryService<CloudFormation>({
    signingName: 'cloudformation',
    state: { context, deployments, objects, lookups },
    operations: OPERATIONS,
    members: true,
    xmlns: 'http://cloudformation.amazonaws.com/doc/2010-05-15/',
    invalidInput: problem => new AwsError('ValidationError', wordsFor(problem)),
    unknownOperation: name =>
      new AwsError('InvalidAction', `The local CloudFormation does not have the operation ${name}.`),
  });
  return {
    deployments,
    services: [service, ...custom.services],
    resources: custom.resources,
    start: () => deployments.resume(),
    stop: () => deployments.stop(),
  };
}
