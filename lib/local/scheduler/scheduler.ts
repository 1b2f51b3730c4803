/**
 * EventBridge Scheduler, for schedules that invoke a Lambda function, in UTC and without a flexible window.
 *
 * - A run that was due while nothing ran happens once at the next start, however many were missed.
 * - A schedule never has two runs at once; one that the template no longer has does not run.
 * - A run that the target's service refuses is tried again by the RetryPolicy; see `runner.ts`.
 */
import { z } from 'zod';
import { operationsOn } from '../protocols/operation.ts';
import { restService, route } from '../protocols/rest-json.ts';
import { AwsError, type CloudContext, type Engine } from '../service.ts';
import { Runner } from './runner.ts';
import { groupResource, scheduleResource } from './schedule-resource.ts';
import { type ScheduleRow, ScheduleStore } from './schedule-store.ts';

/** What the operations answer from: the schedules of the template. */
interface Schedules {
  readonly context: CloudContext;
  readonly store: ScheduleStore;
  readonly has: (arn: string) => boolean;
}

const operation = operationsOn<Schedules>();
const NAMED = { Name: z.string(), groupName: z.string().default('default') };

const OPERATIONS = {
  GetSchedule: route(
    'GET /schedules/{Name}',
    operation(NAMED, arnOf, (input, call) => {
      const arn = arnOf(input, call);
      const { store, has } = call.state;
      const schedule = has(arn) ? store.schedule(arn) : undefined;
      if (!schedule) throw new AwsError('ResourceNotFoundException', `Schedule ${input.Name} does not exist.`, 404);
      return {
        ...summary(schedule),
        ...(schedule.description !== null && { Description: schedule.description }),
        ScheduleExpression: schedule.expression,
        ScheduleExpressionTimezone: 'UTC',
        FlexibleTimeWindow: { Mode: 'OFF' },
        ActionAfterCompletion: 'NONE',
        Target: {
          Arn: schedule.function_arn,
          RoleArn: schedule.role_arn,
          ...(schedule.input !== null && { Input: schedule.input }),
          RetryPolicy: { MaximumRetryAttempts: schedule.retries, MaximumEventAgeInSeconds: schedule.max_age_seconds },
        },
      };
    }),
  ),

  ListSchedules: route(
    'GET /schedules',
    operation(
      {
        ScheduleGroup: z.string().optional(),
        NamePrefix: z.string().default(''),
        State: z.string().optional(),
        MaxResults: z.coerce.number().int().min(1).max(100).default(100),
        NextToken: z.string().default(''),
      },
      '*',
      (
        { ScheduleGroup: group, NamePrefix: prefix, State: state, MaxResults: size, NextToken },
        { state: schedules },
      ) => {
        const after = Buffer.from(NextToken, 'base64url').toString();
        const found = schedules.store
          .schedules()
          .filter(row => schedules.has(row.arn) && row.arn > after && row.name.startsWith(prefix))
          .filter(row => (group ?? row.group_name) === row.group_name && (state ?? row.state) === row.state);
        const last = found.length > size ? found[size - 1] : undefined;
        return {
          Schedules: found.slice(0, size).map(row => ({ ...summary(row), Target: { Arn: row.function_arn } })),
          ...(last && { NextToken: Buffer.from(last.arn).toString('base64url') }),
        };
      },
    ),
  ),
};

export function createScheduler(context: CloudContext): Engine {
  const store = new ScheduleStore(context.database);
  const runner = new Runner(context, store);
  const service = restService<Schedules>({
    signingName: 'scheduler',
    operations: OPERATIONS,
    state: { context, store, has: arn => runner.has(arn) },
    invalidInput: 'ValidationException',
    errorBody: ({ message, detail }) => ({ Message: message, ...detail }),
    unknownOperation: called => {
      const known = Object.keys(OPERATIONS).join(' and ');
      return new AwsError('UnknownOperationException', `${called} is not supported here; ${known} are.`, 404);
    },
  });
  return {
    services: [service],
    resources: {
      'AWS::Scheduler::Schedule': scheduleResource(context, store, runner),
      'AWS::Scheduler::ScheduleGroup': groupResource(context, store, runner),
    },
    start: () => runner.start(),
    stop: async () => runner.stop(),
  };
}

function arnOf(
  { Name, groupName }: { Name: string; groupName: string },
  { state: { context } }: { state: Schedules },
): string {
  return `arn:aws:scheduler:${context.region}:${context.accountId}:schedule/${groupName}/${Name}`;
}

function summary(schedule: ScheduleRow): object {
  return {
    Arn: schedule.arn,
    Name: schedule.name,
    GroupName: schedule.group_name,
    State: schedule.state,
    CreationDate: schedule.created_at / 1000,
    LastModificationDate: schedule.updated_at / 1000,
  };
}
