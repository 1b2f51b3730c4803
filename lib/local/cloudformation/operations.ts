/** The operations of CloudFormation on stacks; those on change sets are in `change-sets.ts`. */
import { z } from 'zod';
import { operationsOn } from '../protocols/operation.ts';
import { AwsError } from '../service.ts';
import { CHANGE_SET_OPERATIONS, changesBetween } from './change-sets.ts';
import {
  arnOf,
  beginUpdate,
  type CloudFormation,
  DEPLOYMENT,
  flag,
  GIVEN,
  listOf,
  pageOf,
  parameterList,
  passRole,
  refuseUnlessUpdatable,
  stackNamed,
  targetOf,
} from './stack-input.ts';
import type { ResourceRow, StackRow } from './stack-store.ts';
import { invalid, parametersOf, readTemplate } from './template.ts';
import { TEMPLATE_OPERATIONS } from './template-operations.ts';

const operation = operationsOn<CloudFormation>();
const StackName = z.string().min(1).max(2048);
const token = z.string().max(128).optional();
const NextToken = z.string().optional();
const EVENTS_PAGE = 100;

export const OPERATIONS = {
  ...CHANGE_SET_OPERATIONS,
  ...TEMPLATE_OPERATIONS,

  CreateStack: operation(
    {
      StackName,
      ...GIVEN,
      ClientRequestToken: token,
      DisableRollback: flag.default(false),
      OnFailure: z.enum(['DO_NOTHING', 'ROLLBACK']).optional(),
      EnableTerminationProtection: flag.default(false),
      TimeoutInMinutes: z.string().optional(),
    },
    arnOf,
    async (input, { state, authorize }) => {
      const { StackName: name, ClientRequestToken } = input;
      const { store } = state.deployments;
      if (store.find(name)) throw new AwsError('AlreadyExistsException', `Stack [${name}] already exists`);
      passRole(state, input.RoleARN, authorize);
      const target = await targetOf(state, input, undefined);
      const stack = store.change(store.add(name, 'CREATE_IN_PROGRESS', target).id, {
        protected: input.EnableTerminationProtection,
      });
      const rollback = !input.DisableRollback && input.OnFailure !== 'DO_NOTHING';
      const work = { target, token: ClientRequestToken, rollback, importing: false, retain: [], cleanup: false };
      return { StackId: state.deployments.begin(stack, { ...work, kind: 'create' }).id };
    },
  ),

  UpdateStack: operation(
    { StackName, ...GIVEN, ClientRequestToken: token, DisableRollback: flag.default(false) },
    arnOf,
    async (input, { state, authorize }) => {
      const stack = stackNamed(state, input.StackName);
      passRole(state, input.RoleARN, authorize);
      refuseUnlessUpdatable(stack);
      const target = await targetOf(state, input, stack);
      if (changesBetween(state, stack, target).length === 0) invalid('No updates are to be performed.');
      const work = { target, token: input.ClientRequestToken, rollback: !input.DisableRollback, importing: false };
      return { StackId: beginUpdate(state, stack, work).id };
    },
  ),

  DeleteStack: operation(
    {
      StackName,
      RetainResources: listOf(z.string()),
      RoleARN: z.string().optional(),
      ClientRequestToken: token,
      DeletionMode: z.literal('STANDARD').optional(),
      ...DEPLOYMENT,
    },
    arnOf,
    (input, { state, authorize }) => {
      const stack = state.deployments.store.find(input.StackName);
      // A stack that is not there is deleted.
      if (!stack || stack.deleted !== undefined) return {};
      passRole(state, input.RoleARN, authorize);
      if (stack.protected) {
        const what = `Stack [${stack.name}] cannot be deleted while TerminationProtection is enabled`;
        invalid(what);
      }
      if (input.RetainResources.length > 0 && stack.status !== 'DELETE_FAILED')
        invalid(
          `Invalid operation on stack [${stack.id}]. RetainResources is valid for stacks in DELETE_FAILED alone.`,
        );
      if (stack.status === 'DELETE_IN_PROGRESS') return {};
      if (stack.operation) invalid(`Stack:${stack.id} is in ${stack.status} state and can not be deleted.`);
      const { RetainResources: retain, ClientRequestToken } = input;
      const taking = { target: undefined, rollback: false, importing: false, cleanup: false };
      const work = { ...taking, token: ClientRequestToken, retain };
      state.deployments.begin(stack, { ...work, kind: 'delete' });
      return {};
    },
  ),

  DescribeStacks: operation({ StackName: StackName.optional(), NextToken }, arnOf, (input, { state }) => {
    const stacks =
      input.StackName === undefined ? state.deployments.store.live() : [stackNamed(state, input.StackName)];
    return { Stacks: stacks.map(stack => described(state, stack)) };
  }),

  ListStacks: operation(
    { StackStatusFilter: z.array(z.string()).optional(), NextToken },
    '*',
    ({ StackStatusFilter: wanted }, { state }) => {
      const stacks = state.deployments.store.stacks().filter(({ status }) => wanted?.includes(status) ?? true);
      return {
        StackSummaries: [...stacks].reverse().map(stack => ({
          StackId: stack.id,
          StackName: stack.name,
          CreationTime: time(stack.created),
          LastUpdatedTime: time(stack.updated),
          DeletionTime: time(stack.deleted),
          StackStatus: stack.status,
          StackStatusReason: stack.reason,
        })),
      };
    },
  ),

  DescribeStackEvents: operation({ StackName, NextToken }, arnOf, (input, { state }) => {
    const stack = stackNamed(state, input.StackName);
    const before = input.NextToken === undefined ? Number.MAX_SAFE_INTEGER : Number(input.NextToken);
    const events = state.deployments.store.events(stack.id, before, EVENTS_PAGE + 1);
    const page = events.slice(0, EVENTS_PAGE);
    return {
      StackEvents: page.map(event => ({
        StackId: stack.id,
        EventId: event.id,
        StackName: stack.name,
        LogicalResourceId: event.logicalId,
        PhysicalResourceId: event.physicalId,
        ResourceType: event.type,
        Timestamp: time(event.at),
        ResourceStatus: event.status,
        ResourceStatusReason: event.reason,
        ClientRequestToken: event.token,
      })),
      NextToken: events.length > EVENTS_PAGE ? String(page.at(-1)?.seq) : undefined,
    };
  }),

  DescribeStackResources: operation(
    { StackName, LogicalResourceId: z.string().optional() },
    arnOf,
    (input, { state }) => {
      const stack = stackNamed(state, input.StackName);
      const rows = ofStack(state, stack).filter(
        ({ logicalId }) => (input.LogicalResourceId ?? logicalId) === logicalId,
      );
      return {
        StackResources: rows.map(row => ({
          StackName: stack.name,
          StackId: stack.id,
          ...summary(row),
          Timestamp: time(row.at),
        })),
      };
    },
  ),

  DescribeStackResource: operation({ StackName, LogicalResourceId: z.string() }, arnOf, (input, { state }) => {
    const stack = stackNamed(state, input.StackName);
    const row = ofStack(state, stack).find(({ logicalId }) => logicalId === input.LogicalResourceId);
    if (!row) return invalid(`Resource ${input.LogicalResourceId} does not exist for stack ${stack.name}`);
    const names = { StackName: stack.name, StackId: stack.id };
    return { StackResourceDetail: { ...names, ...summary(row), LastUpdatedTimestamp: time(row.at) } };
  }),

  ListStackResources: operation({ StackName, NextToken }, arnOf, (input, { state }) => {
    const rows = ofStack(state, stackNamed(state, input.StackName));
    const { page, next } = pageOf(rows, input.NextToken);
    const summaries = page.map(row => ({ ...summary(row), LastUpdatedTimestamp: time(row.at) }));
    return { StackResourceSummaries: summaries, NextToken: next };
  }),

  UpdateTerminationProtection: operation(
    { StackName, EnableTerminationProtection: flag },
    arnOf,
    (input, { state }) => {
      const stack = stackNamed(state, input.StackName);
      state.deployments.store.change(stack.id, { protected: input.EnableTerminationProtection });
      return { StackId: stack.id };
    },
  ),

  ListExports: operation({ NextToken }, '*', ({ NextToken: from }, { state }) => {
    const all = [...state.deployments.exports.all()].map(([Name, { value, stack }]) => ({
      ExportingStackId: stack.id,
      Name,
      Value: value,
    }));
    const { page, next } = pageOf(all, from);
    return { Exports: page, NextToken: next };
  }),

  ListImports: operation({ ExportName: z.string(), NextToken }, '*', ({ ExportName: name }, { state }) => {
    const users = state.deployments.exports.importersOf(name);
    if (users.length === 0) invalid(`Export '${name}' is not imported by any stack.`);
    return { Imports: users.map(stack => stack.name) };
  }),
};

function described(state: CloudFormation, stack: StackRow): Record<string, unknown> {
  const template = readTemplate(stack.body);
  const values = parametersOf(template, stack.parameters, { parameter: name => state.lookups.parameter(name) ?? '' });
  return {
    StackId: stack.id,
    StackName: stack.name,
    Description: template.Description,
    Parameters: parameterList(template, stack.parameters, values),
    CreationTime: time(stack.created),
    LastUpdatedTime: time(stack.updated),
    DeletionTime: time(stack.deleted),
    StackStatus: stack.status,
    StackStatusReason: stack.reason,
    DisableRollback: false,
    NotificationARNs: [],
    Capabilities: stack.capabilities,
    Outputs: stack.outputs.map(({ key, value, exportName, description }) => ({
      OutputKey: key,
      OutputValue: value,
      Description: description,
      ExportName: exportName,
    })),
    Tags: stack.tags,
    EnableTerminationProtection: stack.protected,
    DriftInformation: { StackDriftStatus: 'NOT_CHECKED' },
  };
}

function ofStack({ deployments }: CloudFormation, stack: StackRow): readonly ResourceRow[] {
  return deployments.store.resources(stack.id).filter(({ state }) => state !== 'old');
}

function summary({ logicalId, resource, status, reason }: ResourceRow): Record<string, unknown> {
  return {
    LogicalResourceId: logicalId,
    PhysicalResourceId: resource.ref,
    ResourceType: resource.type,
    ResourceStatus: status,
    ResourceStatusReason: reason,
    DriftInformation: { StackResourceDriftStatus: 'NOT_CHECKED' },
  };
}

function time(at: number | undefined): string | undefined {
  return at === undefined ? undefined : new Date(at).toISOString();
}
