/** The CloudFormation types of Lambda. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { Properties } from '../properties.ts';
import type { CloudContext, PolicyStatement, Resource, ResourceType } from '../service.ts';
import { type Functions, readFunction } from './functions.ts';

/** `onFunction` hears of each function that is made, has changed or goes. */
export function lambdaResources(
  context: CloudContext,
  functions: Functions,
  inlineFolder: string,
  onFunction: (name: string) => void,
): Readonly<Record<string, ResourceType>> {
  return {
    'AWS::Lambda::Function': {
      identify({ name, properties, logicalId }) {
        const given = properties.FunctionName ?? name;
        if (typeof given !== 'string') {
          throw new Error(`${logicalId}.FunctionName: the local cloud needs a name that refers to nothing`);
        }
        return { ref: given, attributes: { Arn: functions.arnOf(given) } };
      },
      apply(resource) {
        if (functions.put(readFunction(resource, { inlineFolder, assets: context.assets }))) onFunction(resource.ref);
      },
      remove({ ref }) {
        functions.remove(ref);
        onFunction(ref);
        rmSync(join(inlineFolder, ref), { recursive: true, force: true });
      },
      made: () => functions.list().map(({ name }) => name),
      immutable: ['PackageType'],
    },
    'AWS::Lambda::Permission': {
      identify: ({ name }) => ({ ref: name, attributes: { Id: name } }),
      apply: resource => applyPermission(resource, context, functions),
      remove({ ref, properties }) {
        const arn = functions.calledArn(properties.FunctionName);
        functions.forbid(arn, ref);
        context.iam.setResourcePolicy(arn, ref, []);
      },
      immutable: 'all',
    },
    'AWS::Lambda::Version': {
      // Its identity may depend on nothing else, so a version goes by a name of its own: it always means the latest code.
      identify: ({ name }) => ({
        ref: functions.arnOf(name),
        attributes: { Version: '1', FunctionArn: functions.arnOf(name) },
      }),
      apply(resource) {
        const properties = Properties.of(resource, ['FunctionName', 'Description', 'CodeSha256']);
        functions.qualify(resource.ref, properties.string('FunctionName'));
      },
      remove: ({ ref }) => functions.unqualify(ref),
      immutable: 'all',
    },
    'AWS::Lambda::Alias': {
      identify: ({ name }) => ({ ref: functions.arnOf(name), attributes: { AliasArn: functions.arnOf(name) } }),
      apply(resource) {
        const properties = Properties.of(resource, ['FunctionName', 'FunctionVersion', 'Name', 'Description']);
        functions.qualify(resource.ref, properties.string('FunctionName'));
      },
      remove: ({ ref }) => functions.unqualify(ref),
      immutable: ['FunctionName', 'Name'],
    },
  };
}

function applyPermission(resource: Resource, context: CloudContext, functions: Functions): void {
  const properties = Properties.of(resource, ['FunctionName', 'Action', 'Principal', 'SourceArn', 'SourceAccount']);
  const arn = functions.calledArn(properties.string('FunctionName'));
  const action = properties.choice('Action', ['lambda:InvokeFunction', 'lambda:*'], 'lambda:InvokeFunction');
  const principal = properties.string('Principal');
  const sourceArn = properties.optionalString('SourceArn');
  const sourceAccount = properties.optionalString('SourceAccount');
  const service = principal.endsWith('.amazonaws.com');
  const conditions = {
    ...(sourceArn === undefined ? {} : { ArnLike: { 'aws:SourceArn': sourceArn } }),
    ...(sourceAccount === undefined ? {} : { StringEquals: { 'aws:SourceAccount': sourceAccount } }),
  };
  const statement: PolicyStatement & { Sid: string } = {
    Sid: resource.ref,
    Effect: 'Allow',
    Principal: service ? { Service: principal } : { AWS: principal },
    Action: action,
    Resource: arn,
    ...(Object.keys(conditions).length > 0 ? { Condition: conditions } : {}),
  };
  functions.permit(arn, statement);
  context.iam.setResourcePolicy(arn, resource.ref, [statement]);
}
