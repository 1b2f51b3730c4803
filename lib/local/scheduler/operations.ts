/** GetSchedule and ListSchedules, in REST JSON. */
import { AwsError, type AwsRequest, type AwsResponse, type CloudContext } from '../service.ts';
import type { ScheduleRow, ScheduleStore } from './schedule-store.ts';

const JSON_BODY = { 'content-type': 'application/json' };

/** What the operations answer from: the schedules of the template. */
export interface Schedules {
  readonly context: CloudContext;
  readonly store: ScheduleStore;
  readonly has: (arn: string) => boolean;
}

export function answer(schedules: Schedules, request: AwsRequest): AwsResponse {
  const [, collection, name, ...more] = request.path.split('/').map(decodeURIComponent);
  if (request.method !== 'GET' || collection !== 'schedules' || more.length > 0) {
    const message = `${request.method} ${request.path} is not supported here; GetSchedule and ListSchedules are.`;
    throw new AwsError('UnknownOperationException', message, 404);
  }
  const result = name ? getSchedule(schedules, request, name) : listSchedules(schedules, request);
  return { status: 200, headers: JSON_BODY, body: JSON.stringify(result) };
}

export function refuse(error: AwsError): AwsResponse {
  const body = JSON.stringify({ Message: error.message, ...error.detail });
  return { status: error.status, headers: { ...JSON_BODY, 'x-amzn-errortype': error.code }, body };
}

function getSchedule({ context, store, has }: Schedules, request: AwsRequest, name: string): object {
  const group = request.query.get('groupName') ?? 'default';
  const arn = `arn:aws:scheduler:${context.region}:${context.accountId}:schedule/${group}/${name}`;
  request.authorize('scheduler:GetSchedule', arn);
  const schedule = has(arn) ? store.schedule(arn) : undefined;
  if (!schedule) throw new AwsError('ResourceNotFoundException', `Schedule ${name} does not exist.`, 404);
  return {
    ...summary(schedule),
    ...(schedule.description === null ? {} : { Description: schedule.description }),
    ScheduleExpression: schedule.expression,
    ScheduleExpressionTimezone: 'UTC',
    FlexibleTimeWindow: { Mode: 'OFF' },
    ActionAfterCompletion: 'NONE',
    Target: {
      Arn: schedule.function_arn,
      RoleArn: schedule.role_arn,
      ...(schedule.input === null ? {} : { Input: schedule.input }),
      RetryPolicy: { MaximumRetryAttempts: schedule.retries, MaximumEventAgeInSeconds: schedule.max_age_seconds },
    },
  };
}

const FILTERS = ['ScheduleGroup', 'NamePrefix', 'State', 'MaxResults', 'NextToken'];

function listSchedules({ store, has }: Schedules, { query, authorize }: AwsRequest): object {
  authorize('scheduler:ListSchedules', '*');
  const extra = [...query.keys()].find(name => !FILTERS.includes(name));
  if (extra)
    throw new AwsError('ValidationException', `The parameter ${extra} of ListSchedules is not supported here.`);
  const size = Number(query.get('MaxResults') ?? 100);
  if (!Number.isInteger(size) || size < 1 || size > 100) {
    throw new AwsError('ValidationException', 'MaxResults must be between 1 and 100.');
  }
  const after = Buffer.from(query.get('NextToken') ?? '', 'base64url').toString();
  const group = query.get('ScheduleGroup');
  const state = query.get('State');
  const found = store
    .schedules()
    .filter(row => has(row.arn) && row.arn > after && (group === null || row.group_name === group))
    .filter(row => row.name.startsWith(query.get('NamePrefix') ?? '') && (state === null || row.state === state));
  const last = found.length > size ? found[size - 1] : undefined;
  return {
    Schedules: found.slice(0, size).map(row => ({ ...summary(row), Target: { Arn: row.function_arn } })),
    ...(last ? { NextToken: Buffer.from(last.arn).toString('base64url') } : {}),
  };
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
