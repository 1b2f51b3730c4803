import { createRequire } from 'node:module';
import { describe, expect, test } from 'vitest';
import { resources } from './synthesised.ts';

// The package has no types.
const validate = createRequire(import.meta.url)('asl-validator') as (definition: unknown) => {
  isValid: boolean;
  errorsText(): string;
};

const [machine] = resources('AWS::StepFunctions::StateMachine');
const definition = () => JSON.parse(machine?.properties.DefinitionString);
const queues = resources('AWS::SQS::Queue');
const [waiting] = queues.filter(({ properties }) => properties.RedrivePolicy);

describe('the state machine', () => {
  test('is valid Amazon States Language', () => {
    const { isValid, errorsText } = validate(definition());
    expect(isValid, errorsText()).toBe(true);
  });

  test('speaks JSONata and has at most five states', () => {
    expect(definition().QueryLanguage).toBe('JSONata');
    expect(Object.keys(definition().States).length).toBeLessThanOrEqual(5);
  });

  test('settles whatever comes of generating', () => {
    const { Generate, Settle } = definition().States;
    expect(Generate.Next).toBe('Settle');
    expect(Generate.Catch).toEqual([expect.objectContaining({ ErrorEquals: ['States.ALL'], Next: 'Settle' })]);
    expect(Generate.Catch[0].Output.outcome.kind).toBe('failed');
    expect(Settle.End).toBe(true);
  });

  test('has no limit of its own that would end it without settling', () => {
    expect(definition().TimeoutSeconds).toBeUndefined();
  });

  test('bounds each state, and the wait for a sign of life within the wait for an outcome', () => {
    const { Generate, Settle } = definition().States;
    expect(Generate.HeartbeatSeconds).toBeLessThan(Generate.TimeoutSeconds);
    expect(Settle.TimeoutSeconds).toBeGreaterThan(0);
  });

  test('hands the worker the account, the job and the token, and the account to the fair queue', () => {
    const { Arguments, Resource } = definition().States.Generate;
    expect(Resource).toBe('arn:aws:states:::sqs:sendMessage.waitForTaskToken');
    expect(Arguments).toMatchObject({
      QueueUrl: `<${waiting?.logicalId}>`,
      MessageGroupId: expect.stringContaining('accountId'),
    });
    expect(Object.keys(Arguments.MessageBody)).toEqual(['accountId', 'jobId', 'taskToken']);
  });

  test('logs every step without its data', () => {
    expect(machine?.properties.LoggingConfiguration).toMatchObject({ Level: 'ALL', IncludeExecutionData: false });
    expect(machine?.properties.TracingConfiguration).toEqual({ Enabled: true });
  });
});

describe('queues', () => {
  test.each(queues.map(queue => [queue.logicalId, queue] as const))(
    '%s is encrypted and takes only TLS',
    (logicalId, queue) => {
      expect(queue.properties.SqsManagedSseEnabled).toBe(true);
      const policy = resources('AWS::SQS::QueuePolicy').find(({ properties }) =>
        properties.Queues.includes(`<${logicalId}>`),
      );
      expect(policy?.properties.PolicyDocument.Statement).toContainEqual(
        expect.objectContaining({
          Effect: 'Deny',
          Action: 'sqs:*',
          Resource: `<${logicalId}.Arn>`,
          Condition: { Bool: { 'aws:SecureTransport': 'false' } },
        }),
      );
    },
  );

  test('every queue has a dead-letter queue or is one', () => {
    const schedules = resources('AWS::Scheduler::Schedule').map(
      ({ properties }) => properties.Target.DeadLetterConfig.Arn,
    );
    const streams = resources('AWS::Lambda::EventSourceMapping').map(
      ({ properties }) => properties.DestinationConfig?.OnFailure?.Destination,
    );
    const dead = [
      ...schedules,
      ...streams,
      ...queues.map(({ properties }) => properties.RedrivePolicy?.deadLetterTargetArn),
    ];
    const orphans = queues.filter(
      ({ logicalId, properties }) => !properties.RedrivePolicy && !dead.includes(`<${logicalId}.Arn>`),
    );
    expect(orphans).toEqual([]);
  });

  test('a message outlives its job, and is put aside only where no worker can read it: jobs are given up long before', () => {
    expect(waiting?.properties.MessageRetentionPeriod).toBeGreaterThan(definition().States.Generate.TimeoutSeconds);
    expect(waiting?.properties.RedrivePolicy.maxReceiveCount).toBe(100);
    expect(waiting?.properties.VisibilityTimeout).toBe(45);
  });
});

test('what was not rectified in time is looked for every hour, and an alarm says where that fails', () => {
  const follow = resources('AWS::Lambda::Function').find(({ properties }) =>
    properties.Description.includes('/follow-dates.'),
  );
  const schedules = resources('AWS::Scheduler::Schedule').filter(
    ({ properties }) => properties.Target.Arn === `<${follow?.logicalId}.Arn>`,
  );
  expect(schedules.map(({ properties }) => properties.ScheduleExpression)).toEqual(['rate(1 hour)']);
  const alarms = resources('AWS::CloudWatch::Alarm').filter(({ properties }) =>
    properties.Dimensions?.some(({ Value }: { Value: unknown }) => Value === `<${follow?.logicalId}>`),
  );
  expect(alarms.map(({ properties }) => properties.AlarmDescription)).toEqual([expect.stringMatching(/^.{40,}See /)]);
});

test('the reconciler is called every minute, never again for the same one, and ends before the next', () => {
  const [schedule] = resources('AWS::Scheduler::Schedule');
  const reconcile = resources('AWS::Lambda::Function').find(({ properties }) =>
    properties.Description.includes('/reconcile.'),
  );
  expect(schedule?.properties).toMatchObject({
    ScheduleExpression: 'rate(1 minute)',
    Target: {
      Arn: `<${reconcile?.logicalId}.Arn>`,
      RetryPolicy: { MaximumEventAgeInSeconds: 60, MaximumRetryAttempts: 0 },
    },
  });
  const [invoked] = resources('AWS::Lambda::EventInvokeConfig').filter(
    ({ properties }) => properties.FunctionName === `<${reconcile?.logicalId}>`,
  );
  expect(invoked?.properties).toMatchObject({ MaximumRetryAttempts: 0, MaximumEventAgeInSeconds: 60 });
  expect(reconcile?.properties.Timeout).toBeLessThan(60);
});
