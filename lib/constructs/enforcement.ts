import { CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Stage } from '../stage.ts';
import { alarmOnDates } from './alarms.ts';
import { functionFor } from './function.ts';
import { scheduleRepeated } from './schedule.ts';
import type { Tables } from './tables.ts';
import { table } from './use.ts';

/** What lets the next step follow where something was not rectified in time. */
export function makeEnforcement(scope: Construct, stage: Stage, { core, jobs, audit }: Tables): void {
  const follow = functionFor(scope, 'functions/enforcement/follow-dates.lambda.ts', stage, {
    timeout: Duration.minutes(5),
    uses: {
      CORE_TABLE: table(core, ['GetItem', 'PutItem', 'UpdateItem', 'Query']),
      JOBS_TABLE: table(jobs, ['PutItem']),
      AUDIT_TABLE: table(audit, ['PutItem']),
    },
  });
  scheduleRepeated(scope, {
    name: 'Date',
    of: follow,
    description: 'Looks every hour for what was not rectified in time',
    expression: 'rate(1 hour)',
    every: Duration.hours(1),
  });
  alarmOnDates(scope, stage, follow);
  new CfnOutput(Stack.of(scope), 'FollowDatesFunction', { value: follow.functionName });
}
