/**
 * EventBridge Scheduler, for schedules that invoke a Lambda function, in UTC and without a flexible window.
 *
 * - A run that was due while nothing ran happens once at the next start, however many were missed.
 * - A schedule never has two runs at once; one that the template no longer has does not run.
 * - A run that the target's service refuses is tried again by the RetryPolicy; see `runner.ts`.
 */
import type { CloudContext, Engine } from '../service.ts';
import { answer, refuse } from './operations.ts';
import { Runner } from './runner.ts';
import { groupResource, scheduleResource } from './schedule-resource.ts';
import { ScheduleStore } from './schedule-store.ts';

export function createScheduler(context: CloudContext): Engine {
  const store = new ScheduleStore(context.database);
  const runner = new Runner(context, store);
  const schedules = { context, store, has: (arn: string) => runner.has(arn) };
  return {
    services: [{ signingName: 'scheduler', handle: async request => answer(schedules, request), refuse }],
    resources: {
      'AWS::Scheduler::Schedule': scheduleResource(context, store, runner),
      'AWS::Scheduler::ScheduleGroup': groupResource(context, store),
    },
    start: () => runner.start(),
    stop: async () => runner.stop(),
  };
}
