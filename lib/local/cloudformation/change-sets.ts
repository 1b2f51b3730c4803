/** Change sets: what an update, or a new stack, would change; and to carry it out. */
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { operationsOn } from '../protocols/operation.ts';
import { AwsError } from '../service.ts';
import {
  arnOf,
  beginUpdate,
  type CloudFormation,
  flag,
  GIVEN,
  pageOf,
  passRole,
  refuseUnlessUpdatable,
  stackNamed,
  targetOf,
} from './stack-input.ts';
import type { ChangeSetRow, StackRow, Target } from './stack-store.ts';
import { readTemplate } from './template.ts';

const operation = operationsOn<CloudFormation>();
const NONE = "The submitted information didn't contain changes. Submit different information to create a change set.";

interface Change {
  readonly Type: 'Resource';
  readonly ResourceChange: Readonly<Record<string, unknown>>;
}

/**
 * What the target changes, resource by resource, as far as the two templates tell: whether a change needs another resource
 * is known when it is carried out. A change that is in no resource, such as a tag of the stack, stands without one.
 */
export function changesBetween(
  { deployments }: CloudFormation,
  stack: StackRow | undefined,
  target: Target,
): readonly Change[] {
  const before = stack ? readTemplate(stack.body) : { Resources: {} };
  const after = readTemplate(target.body);
  const physical = new Map(
    (stack ? deployments.store.resources(stack.id) : []).map(row => [row.logicalId, row.resource.ref]),
  );
  const parameters = stack !== undefined && text(stack.parameters) !== text(target.parameters);
  const ids = new Set([...Object.keys(before.Resources), ...Object.keys(after.Resources)]);
  const changes = [...ids].flatMap((id): Change[] => {
    const [was, is] = [before.Resources[id as keyof typeof before.Resources], after.Resources[id]];
    if (was && is && text(was) === text(is) && !(parameters && mentions(is, Object.keys(after.Parameters ?? {}))))
      return [];
    const { Type } = (is ?? was) as { Type: string };
    const Action = was ? (is ? 'Modify' : 'Remove') : 'Add';
    const change = { Action, LogicalResourceId: id, PhysicalResourceId: physical.get(id), ResourceType: Type };
    return [
      { Type: 'Resource', ResourceChange: { ...change, ...(Action === 'Modify' && { Replacement: 'Conditional' }) } },
    ];
  });
  if (changes.length > 0 || !stack) return changes;
  const others = text([stack.tags, before, stack.parameters]) !== text([target.tags, after, target.parameters]);
  return others
    ? [
        {
          Type: 'Resource',
          ResourceChange: {
            Action: 'Modify',
            LogicalResourceId: stack.name,
            ResourceType: 'AWS::CloudFormation::Stack',
          },
        },
      ]
    : [];
}

function mentions(resource: unknown, names: readonly string[]): boolean {
  const written = JSON.stringify(resource);
  return names.some(name => written.includes(name));
}

const text = (value: unknown): string => JSON.stringify(value);

const NAMED = { ChangeSetName: z.string().min(1).max(1600), StackName: z.string().optional() };

function named({ deployments }: CloudFormation, input: z.output<z.ZodObject<typeof NAMED>>): ChangeSetRow {
  const { store } = deployments;
  const stack = input.StackName === undefined ? undefined : store.find(input.StackName);
  if (input.StackName !== undefined && !stack)
    throw new AwsError('ValidationError', `Stack [${input.StackName}] does not exist`);
  const found = store.changeSet(input.ChangeSetName, stack?.id);
  if (found) return found;
  throw new AwsError('ChangeSetNotFound', `ChangeSet [${input.ChangeSetName}] does not exist`, 404);
}

export const CHANGE_SET_OPERATIONS = {
  CreateChangeSet: operation(
    {
      StackName: z
        .string()
        .regex(
          /^(arn:.*|[a-zA-Z][a-zA-Z0-9-]{0,127})$/,
          'must satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*',
        ),
      ...GIVEN,
      ChangeSetName: z.string().regex(/^[a-zA-Z][-a-zA-Z0-9]{0,127}$/),
      ChangeSetType: z.enum(['CREATE', 'UPDATE']).default('UPDATE'),
      ClientToken: z.string().max(128).optional(),
      Description: z.string().max(1024).optional(),
      IncludeNestedStacks: flag.optional(),
      OnStackFailure: z.enum(['ROLLBACK', 'DO_NOTHING']).optional(),
      ImportExistingResources: flag.default(false),
      DeploymentMode: z.literal('STANDARD').optional(),
    },
    arnOf,
    async (input, { state, authorize }) => {
      const { store } = state.deployments;
      passRole(state, input.RoleARN, authorize);
      const known = store.find(input.StackName);
      const creating = input.ChangeSetType === 'CREATE';
      if (creating && known && known.status !== 'REVIEW_IN_PROGRESS')
        throw new AwsError(
          'ValidationError',
          `Stack [${known.name}] already exists and cannot be created again with the changeSet [${input.ChangeSetName}].`,
        );
      if (!creating && !known) throw new AwsError('ValidationError', `Stack [${input.StackName}] does not exist`);
      if (known && store.changeSet(input.ChangeSetName, known.id))
        throw new AwsError(
          'AlreadyExistsException',
          `ChangeSet ${input.ChangeSetName} already exists for stack ${known.name}`,
        );
      const before = creating ? undefined : known;
      if (before) refuseUnlessUpdatable(before);
      const target = await targetOf(state, input, before);
      const stack = known ?? store.add(input.StackName, 'REVIEW_IN_PROGRESS', target);
      const changes = changesBetween(state, before, target);
      const { region, accountId, clock } = state.context;
      const row: ChangeSetRow = {
        id: `arn:aws:cloudformation:${region}:${accountId}:changeSet/${input.ChangeSetName}/${randomUUID()}`,
        name: input.ChangeSetName,
        stack: stack.id,
        kind: input.ChangeSetType,
        status: changes.length > 0 ? 'CREATE_COMPLETE' : 'FAILED',
        reason: changes.length > 0 ? undefined : NONE,
        execution: changes.length > 0 ? 'AVAILABLE' : 'UNAVAILABLE',
        description: input.Description,
        target,
        changes,
        rollback: input.OnStackFailure !== 'DO_NOTHING',
        importing: input.ImportExistingResources,
        created: clock.now(),
      };
      store.putChangeSet(row);
      return { Id: row.id, StackId: stack.id };
    },
  ),

  DescribeChangeSet: operation(
    { ...NAMED, NextToken: z.string().optional(), IncludePropertyValues: flag.optional() },
    arnOf,
    (input, { state }) => {
      const row = named(state, input);
      const { page, next } = pageOf(row.changes, input.NextToken);
      return {
        ChangeSetName: row.name,
        ChangeSetId: row.id,
        StackId: row.stack,
        StackName: stackNamed(state, row.stack).name,
        Description: row.description,
        Parameters: Object.entries(row.target.parameters).map(([ParameterKey, ParameterValue]) => ({
          ParameterKey,
          ParameterValue,
        })),
        CreationTime: new Date(row.created).toISOString(),
        ExecutionStatus: row.execution,
        Status: row.status,
        StatusReason: row.reason,
        Capabilities: row.target.capabilities,
        Tags: row.target.tags,
        Changes: page,
        NextToken: next,
        IncludeNestedStacks: false,
      };
    },
  ),

  ListChangeSets: operation({ StackName: z.string(), NextToken: z.string().optional() }, arnOf, (input, { state }) => {
    const stack = stackNamed(state, input.StackName);
    return {
      Summaries: state.deployments.store.changeSets(stack.id).map(row => ({
        StackId: stack.id,
        StackName: stack.name,
        ChangeSetId: row.id,
        ChangeSetName: row.name,
        ExecutionStatus: row.execution,
        Status: row.status,
        StatusReason: row.reason,
        CreationTime: new Date(row.created).toISOString(),
      })),
    };
  }),

  ExecuteChangeSet: operation(
    {
      ...NAMED,
      ClientRequestToken: z.string().max(128).optional(),
      DisableRollback: flag.optional(),
      RetainExceptOnCreate: z.literal('false', 'the policies of the template decide here').optional(),
    },
    arnOf,
    (input, { state }) => {
      const row = named(state, input);
      if (row.execution !== 'AVAILABLE') {
        const why = `cannot be executed in its current status of [${row.status}]`;
        throw new AwsError('InvalidChangeSetStatus', `ChangeSet [${row.id}] ${why}`);
      }
      const { store } = state.deployments;
      const stack = stackNamed(state, row.stack);
      const work = {
        target: row.target,
        importing: row.importing,
        token: input.ClientRequestToken,
        rollback: row.rollback && !input.DisableRollback,
      };
      if (row.kind === 'UPDATE') beginUpdate(state, stack, work);
      else state.deployments.begin(stack, { ...work, kind: 'create', retain: [], cleanup: false });
      // What else was prepared is of a stack that is no more.
      for (const other of store.changeSets(stack.id)) store.dropChangeSet(other.id);
      return {};
    },
  ),

  DeleteChangeSet: operation(NAMED, arnOf, (input, { state }) => {
    const { store } = state.deployments;
    const stack = input.StackName === undefined ? undefined : store.find(input.StackName);
    const found = store.changeSet(input.ChangeSetName, stack?.id);
    if (found) store.dropChangeSet(found.id);
    return {};
  }),
};
