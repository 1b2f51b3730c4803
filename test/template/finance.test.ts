import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ROOT, resources } from './synthesised.ts';

const [exportDay] = resources('AWS::Lambda::Function').filter(
  ({ properties }) => properties.Description === 'functions/finance/export-day.lambda.ts',
);
const [schedule] = resources('AWS::Scheduler::Schedule').filter(({ logicalId }) => logicalId.startsWith('Export'));
const alarms = resources('AWS::CloudWatch::Alarm');
const alarmOn = (metric: string, name: string, of: string) =>
  alarms.filter(
    ({ properties: { MetricName, Dimensions } }) =>
      MetricName === metric &&
      Dimensions.some(
        (dimension: { Name: string; Value: string }) => dimension.Name === name && dimension.Value === of,
      ),
  );

describe('a nightly export', () => {
  test('that does not begin, or begins and fails, is put aside in one queue', () => {
    const dead = schedule?.properties.Target.DeadLetterConfig.Arn;
    const configs = resources('AWS::Lambda::EventInvokeConfig').filter(
      ({ properties }) => properties.FunctionName === `<${exportDay?.logicalId}>`,
    );
    expect(configs.map(({ properties }) => properties.DestinationConfig)).toEqual([
      { OnFailure: { Destination: dead } },
    ]);
    const role = String(exportDay?.properties.Role).replace('.Arn>', '>');
    const sending = resources('AWS::IAM::Policy')
      .filter(({ properties }) => properties.Roles.includes(role))
      .flatMap(({ properties }) => properties.PolicyDocument.Statement)
      .filter(({ Action }) => [Action].flat().includes('sqs:SendMessage'));
    expect(sending.map(({ Resource }) => Resource)).toEqual([dead]);
  });

  test('that is in the dead-letter queue, fails or has unexplained differences raises an alarm that names what to do', () => {
    const queue = String(schedule?.properties.Target.DeadLetterConfig.Arn).replace('.Arn>', '.QueueName>');
    const raised = [
      ...alarmOn('ApproximateNumberOfMessagesVisible', 'QueueName', queue),
      ...alarmOn('Errors', 'FunctionName', `<${exportDay?.logicalId}>`),
      ...alarmOn(
        'FinanceDaysUnexplained',
        'service',
        exportDay?.properties.Environment.Variables.POWERTOOLS_SERVICE_NAME,
      ),
    ];
    expect(raised.length).toBe(3);
    const command = exportDay?.properties.Description.replace('.lambda.ts', '-command.ts');
    expect(readFileSync(join(ROOT, command), 'utf8')).toContain("count('FinanceDaysUnexplained')");
    const namespaces = new Set(raised.map(({ properties }) => properties.Namespace));
    expect(namespaces).toContain(exportDay?.properties.Environment.Variables.POWERTOOLS_METRICS_NAMESPACE);
    for (const { properties } of raised) {
      expect(properties).toMatchObject({ Threshold: 0, ComparisonOperator: 'GreaterThanThreshold' });
      expect(properties.AlarmDescription).toMatch(/^.{40,}[Ss]ee /);
    }
  });
});

describe('the nightly end of gifts', () => {
  const [expire] = resources('AWS::Lambda::Function').filter(
    ({ properties }) => properties.Description === 'functions/finance/expire-credits.lambda.ts',
  );
  const minuteOf = ({ properties }: { properties: { ScheduleExpression: string } }) =>
    Number(/^cron\((\d+) 0 \* \* \? \*\)$/.exec(properties.ScheduleExpression)?.[1]);

  test('comes after the export of the day before, which says whose gifts end', () => {
    const [ends] = resources('AWS::Scheduler::Schedule').filter(({ logicalId }) => logicalId.startsWith('Expiry'));
    expect(ends?.properties).toMatchObject({
      ScheduleExpressionTimezone: 'UTC',
      Target: { DeadLetterConfig: schedule?.properties.Target.DeadLetterConfig },
    });
    expect(minuteOf(ends as never)).toBeGreaterThan(minuteOf(schedule as never));
    expect(ends?.properties.Target.Arn).toBe(`<${expire?.logicalId}.Arn>`);
  });

  test('that fails is put aside and raises an alarm that names what to do', () => {
    const dead = schedule?.properties.Target.DeadLetterConfig.Arn;
    const [config] = resources('AWS::Lambda::EventInvokeConfig').filter(
      ({ properties }) => properties.FunctionName === `<${expire?.logicalId}>`,
    );
    expect(config?.properties.DestinationConfig).toEqual({ OnFailure: { Destination: dead } });
    const raised = alarmOn('Errors', 'FunctionName', `<${expire?.logicalId}>`);
    expect(raised.map(({ properties }) => properties.AlarmDescription)).toEqual([
      expect.stringMatching(/^.{40,}[Ss]ee /),
    ]);
  });
});

describe('an export', () => {
  test('is started by finance through the API: by reports and by the close, and by nothing else that answers calls', () => {
    const starting = resources('AWS::IAM::Policy').filter(({ properties }) =>
      properties.PolicyDocument.Statement.some(
        ({ Action, Resource }: { Action: unknown; Resource: unknown }) =>
          [Action].flat().includes('lambda:InvokeFunction') &&
          [Resource].flat().includes(`<${exportDay?.logicalId}.Arn>`),
      ),
    );
    const roles = starting.flatMap(({ properties }) => properties.Roles as string[]).sort();
    const functions = resources('AWS::Lambda::Function')
      .filter(({ properties }) => roles.includes(String(properties.Role).replace('.Arn>', '>')))
      .map(({ properties }) => properties.Description)
      .sort();
    expect(functions).toEqual(['functions/finance/months.lambda.ts', 'functions/finance/reports.lambda.ts']);
    // And by the schedule, which has a role of its own.
    expect(roles.length).toBe(functions.length + 1);
  });

  test('names who issues invoices and who provides, as the stage is set', () => {
    expect(exportDay?.properties.Environment.Variables).toMatchObject({
      INVOICE_ISSUER: 'Mutoscope',
      PROVIDER_NAME: 'Mutoscope',
    });
  });
});
