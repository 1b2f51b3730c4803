import { z } from 'zod';
import type { CloudContext, Resource, ResourceType } from '../service.ts';
import { firstRun, parseExpression } from './expression.ts';
import type { Runner } from './runner.ts';
import type { ScheduleStore } from './schedule-store.ts';

/** Every property that has an effect here; any other is refused by its name. */
const properties = z.strictObject({
  Name: z.string().optional(),
  GroupName: z.string().default('default'),
  Description: z.string().optional(),
  ScheduleExpression: z.string(),
  ScheduleExpressionTimezone: z.enum(['UTC', 'Etc/UTC']).optional(),
  FlexibleTimeWindow: z.strictObject({ Mode: z.literal('OFF') }),
  State: z.enum(['ENABLED', 'DISABLED']).default('ENABLED'),
  Target: z.strictObject({
    Arn: z.string().regex(/^arn:aws[\w-]*:lambda:[^:]*:[^:]*:function:.+$/, 'must be the ARN of a Lambda function'),
    RoleArn: z.string(),
    Input: z.string().optional(),
    DeadLetterConfig: z.strictObject({ Arn: z.string() }).optional(),
    RetryPolicy: z
      .strictObject({
        MaximumRetryAttempts: z.coerce.number().int().min(0).max(185).default(185),
        MaximumEventAgeInSeconds: z.coerce.number().int().min(60).max(86_400).default(86_400),
      })
      .prefault({}),
  }),
});

/** `AWS::Scheduler::Schedule`. */
export function scheduleResource(context: CloudContext, store: ScheduleStore, runner: Runner): ResourceType {
  return {
    identify({ name, properties: given }) {
      const ref = typeof given.Name === 'string' ? given.Name : name.slice(0, 64);
      const group = typeof given.GroupName === 'string' ? given.GroupName : 'default';
      const Arn = `arn:aws:scheduler:${context.region}:${context.accountId}:schedule/${group}/${ref}`;
      return { ref, attributes: { Arn } };
    },
    apply(resource) {
      const { ref, attributes, logicalId } = resource;
      const arn = attributes.Arn ?? '';
      const given = read(resource);
      if (!store.hasGroup(given.GroupName)) throw new Error(`${logicalId}: there is no group ${given.GroupName}`);
      const before = store.schedule(arn);
      const now = context.clock.now();
      // The same expression keeps its beat, and a run that is due.
      const kept = before?.expression === given.ScheduleExpression ? before : undefined;
      const first = kept ? kept.due_at : (firstRun(expressionOf(resource, given.ScheduleExpression), now) ?? null);
      store.put({
        arn,
        name: ref,
        group_name: given.GroupName,
        expression: given.ScheduleExpression,
        state: given.State,
        description: given.Description ?? null,
        function_arn: given.Target.Arn,
        role_arn: given.Target.RoleArn,
        input: given.Target.Input ?? null,
        retries: given.Target.RetryPolicy.MaximumRetryAttempts,
        max_age_seconds: given.Target.RetryPolicy.MaximumEventAgeInSeconds,
        dead_letter_arn: given.Target.DeadLetterConfig?.Arn ?? null,
        created_at: before?.created_at ?? now,
        updated_at: now,
        due_at: first,
        try_at: kept ? kept.try_at : first,
        attempts: kept?.attempts ?? 0,
      });
      runner.adopt(arn);
    },
    remove({ attributes }) {
      const arn = attributes.Arn ?? '';
      runner.drop(arn);
      store.remove(arn);
    },
    made: () => store.schedules().map(({ arn }) => arn),
    keyOf: ({ attributes }) => attributes.Arn ?? '',
  };
}

/** `AWS::Scheduler::ScheduleGroup`. */
export function groupResource(context: CloudContext, store: ScheduleStore, runner: Runner): ResourceType {
  return {
    identify({ name, properties: given }) {
      const ref = typeof given.Name === 'string' ? given.Name : name.slice(0, 64);
      const Arn = `arn:aws:scheduler:${context.region}:${context.accountId}:schedule-group/${ref}`;
      return { ref, attributes: { Arn } };
    },
    apply({ logicalId, ref, properties: given }) {
      const extra = Object.keys(given).find(name => name !== 'Name' && name !== 'Tags');
      if (extra !== undefined) throw new Error(`${logicalId}: the property ${extra} is not supported here`);
      store.addGroup(ref);
    },
    remove({ ref }) {
      for (const { arn } of store.schedules().filter(({ group_name }) => group_name === ref)) runner.drop(arn);
      store.removeGroup(ref);
    },
    // Every account has the default one.
    made: () => store.groups().filter(name => name !== 'default'),
  };
}

function read({ logicalId, properties: given }: Resource): z.infer<typeof properties> {
  const result = properties.safeParse(given);
  if (result.success) return result.data;
  const reasons = result.error.issues.map(({ path, message }) => [...path, message].join(': '));
  throw new Error(`${logicalId}: ${reasons.join('; ')}`);
}

function expressionOf({ logicalId }: Resource, text: string): ReturnType<typeof parseExpression> {
  try {
    return parseExpression(text);
  } catch (error) {
    throw new Error(`${logicalId}: ${(error as Error).message}`);
  }
}
