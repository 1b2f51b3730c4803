/** What calls about stacks bring: a template in the call or in S3, parameters, tags, capabilities; and what they name. */
import { z } from 'zod';
import type { Template } from '../assembly.ts';
import type { StoredObjects } from '../s3/stored-objects.ts';
import type { AwsRequest, CloudContext } from '../service.ts';
import type { Deployments } from './deployments.ts';
import { readObject } from './function-code.ts';
import type { Operation, StackRow, Target } from './stack-store.ts';
import {
  checkTemplate,
  invalid,
  LARGEST_BODY_BYTES,
  LARGEST_OBJECT_BYTES,
  type Lookups,
  parametersOf,
  readTemplate,
} from './template.ts';

/** What the operations work on. */
export interface CloudFormation {
  readonly context: CloudContext;
  readonly deployments: Deployments;
  readonly objects: StoredObjects;
  readonly lookups: Lookups;
}

/** A form has text alone. */
export const flag = z.enum(['true', 'false']).transform(text => text === 'true');

/** A list of nothing stands in a form as an empty text. */
export const listOf = <Item extends z.ZodType>(item: Item) =>
  z.preprocess(given => (given === '' ? [] : given), z.array(item).default([]));

const PARAMETER = z.strictObject({
  ParameterKey: z.string(),
  ParameterValue: z.string().optional(),
  UsePreviousValue: flag.optional(),
});

/** Other ways to deploy, such as the express one, are not here. */
export const DEPLOYMENT = {
  DeploymentConfig: z
    .strictObject({ Mode: z.literal('STANDARD').optional(), DisableRollback: flag.optional() })
    .optional(),
};

export const GIVEN = {
  ...DEPLOYMENT,
  TemplateBody: z.string().min(1).optional(),
  TemplateURL: z.string().min(1).optional(),
  UsePreviousTemplate: flag.optional(),
  Parameters: listOf(PARAMETER),
  Tags: listOf(z.strictObject({ Key: z.string(), Value: z.string() })),
  Capabilities: listOf(z.string()),
  RoleARN: z.string().optional(),
  NotificationARNs: listOf(z.never('the local cloud notifies nobody')),
};

interface Given {
  readonly TemplateBody?: string | undefined;
  readonly TemplateURL?: string | undefined;
  readonly UsePreviousTemplate?: boolean | undefined;
  readonly Parameters: readonly z.output<typeof PARAMETER>[];
  readonly Tags: Target['tags'];
  readonly Capabilities: readonly string[];
}

/** What the stack is to be; throws ValidationError and the like before anything is made. */
export async function targetOf(
  state: CloudFormation,
  given: Given,
  before: StackRow | undefined,
  checked = true,
): Promise<Target> {
  const body = await bodyOf(state, given, before);
  const template = readTemplate(body);
  const parameters = parametersAfter(template, given, before);
  if (checked) {
    checkTemplate(template, state.deployments.types, given.Capabilities);
    parametersOf(template, parameters, state.lookups);
    if (before) refuseOtherTypes(readTemplate(before.body), template);
  }
  return { body, parameters, tags: given.Tags, capabilities: given.Capabilities };
}

function refuseOtherTypes(before: Template, after: Template): void {
  const other = Object.entries(after.Resources).filter(
    ([id, { Type }]) => (before.Resources[id]?.Type ?? Type) !== Type,
  );
  if (other.length > 0) {
    const why =
      'Update of resource type is not permitted. The new template modifies resource type of the following resources:';
    invalid(`${why} [${other.map(([id]) => id).join(', ')}]`);
  }
}

/** The parameters that the template has a value for from the call, or keeps. */
function parametersAfter(
  template: Template,
  { Parameters }: Pick<Given, 'Parameters'>,
  before: StackRow | undefined,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Parameters.flatMap(({ ParameterKey: name, ParameterValue, UsePreviousValue }) => {
      if (!UsePreviousValue) return ParameterValue === undefined ? [] : [[name, ParameterValue]];
      const kept = before?.parameters[name];
      // One that had its default keeps having it.
      if (kept === undefined && !(template.Parameters && name in template.Parameters))
        return invalid(
          `Invalid input for parameter key ${name}. Cannot specify usePreviousValue as true for a parameter key not in the previous template`,
        );
      return kept === undefined ? [] : [[name, kept]];
    }),
  );
}

async function bodyOf(state: CloudFormation, given: Given, before: StackRow | undefined): Promise<string> {
  const { TemplateBody: body, TemplateURL: url, UsePreviousTemplate: previous } = given;
  if ([body, url, previous || undefined].filter(source => source !== undefined).length !== 1)
    return invalid('Exactly one of TemplateBody, TemplateURL or UsePreviousTemplate must be specified.');
  if (previous) return before?.body ?? invalid('There is no previous template.');
  if (body !== undefined) {
    if (Buffer.byteLength(body) <= LARGEST_BODY_BYTES) return body;
    const expected = `Member must have length less than or equal to ${LARGEST_BODY_BYTES}`;
    return invalid(`1 validation error detected: Value at 'templateBody' failed to satisfy constraint: ${expected}`);
  }
  const { bucket, key } = objectOf(url ?? '');
  const object = await readObject(state.objects, bucket, key);
  if (!object) return invalid('S3 error: The specified key does not exist.');
  if (object.length > LARGEST_OBJECT_BYTES)
    return invalid(`Template may not exceed ${LARGEST_OBJECT_BYTES} bytes in size.`);
  return object.toString();
}

/** The bucket and key of an address of S3, with the bucket in the host or in the path. */
function objectOf(url: string): { readonly bucket: string; readonly key: string } {
  const address = URL.parse(url);
  const path = decodeURIComponent(address?.pathname ?? '').slice(1);
  const [, inHost] = /^(.+)\.s3[.-][a-z0-9.-]*amazonaws\.com$/.exec(address?.hostname ?? '') ?? [];
  if (inHost !== undefined) return { bucket: inHost, key: path };
  const [, bucket = '', key = ''] = /^([^/]+)\/(.+)$/s.exec(path) ?? [];
  return bucket === '' ? invalid('TemplateURL must be a supported URL.') : { bucket, key };
}

/** A role that CloudFormation is to act as: the caller may hand it on, and it trusts CloudFormation. */
export function passRole(
  { context }: CloudFormation,
  role: string | undefined,
  authorize: AwsRequest['authorize'],
): void {
  if (role === undefined) return;
  authorize('iam:PassRole', role, { 'iam:PassedToService': 'cloudformation.amazonaws.com' });
  if (context.iam.trusts(role, 'cloudformation.amazonaws.com') !== true)
    invalid(`Role ${role} is invalid or cannot be assumed`);
}

export function arnOf(
  { StackName }: { readonly StackName?: string | undefined },
  { state }: { state: CloudFormation },
): string {
  const { region, accountId } = state.context;
  if (StackName?.startsWith('arn:')) return StackName;
  return `arn:aws:cloudformation:${region}:${accountId}:stack/${StackName ?? ''}/*`;
}

/** Throws ValidationError where there is none. */
export function stackNamed({ deployments }: CloudFormation, nameOrId: string): StackRow {
  const found = deployments.store.find(nameOrId);
  return found ?? invalid(`Stack with id ${nameOrId} does not exist`);
}

/** Whether an update may begin from the status. */
const UPDATABLE = /^(CREATE|UPDATE|UPDATE_ROLLBACK|IMPORT|IMPORT_ROLLBACK)_COMPLETE$|^UPDATE_FAILED$/;

/** Throws ValidationError where it may not. */
export function refuseUnlessUpdatable({ id, status }: StackRow): void {
  if (!UPDATABLE.test(status)) invalid(`Stack:${id} is in ${status} state and can not be updated.`);
}

export function beginUpdate(
  { deployments }: CloudFormation,
  stack: StackRow,
  given: Omit<Operation, 'kind' | 'retain' | 'cleanup'>,
): StackRow {
  refuseUnlessUpdatable(stack);
  return deployments.begin(stack, { ...given, kind: 'update', retain: [], cleanup: false });
}

const PAGE = 100;

export function pageOf<T>(
  all: readonly T[],
  from: string | undefined,
): { page: readonly T[]; next: string | undefined } {
  const start = from === undefined ? 0 : Number(from);
  if (!Number.isInteger(start) || start < 0) invalid('NextToken is not one that was given.');
  return { page: all.slice(start, start + PAGE), next: start + PAGE < all.length ? String(start + PAGE) : undefined };
}

export function parameterList(
  { Parameters = {} }: Template,
  given: Readonly<Record<string, string>>,
  values: Readonly<Record<string, string | readonly string[]>>,
): readonly Record<string, unknown>[] {
  return Object.entries(Parameters).map(([ParameterKey, { Type, Default }]) => ({
    ParameterKey,
    ParameterValue: given[ParameterKey] ?? Default,
    ...(Type.startsWith('AWS::SSM::') && { ResolvedValue: String(values[ParameterKey]) }),
  }));
}
