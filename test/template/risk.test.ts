import { describe, expect, test } from 'vitest';
import { USE_ACTIONS } from '../../functions/risk/use.ts';
import { resources } from './synthesised.ts';

const [watch] = resources('AWS::Lambda::Function').filter(
  ({ properties }) => properties.Description === 'functions/risk/watch-use.lambda.ts',
);

describe('what watches use', () => {
  const { logicalId } = watch ?? { logicalId: 'none' };
  const mappings = resources('AWS::Lambda::EventSourceMapping').filter(({ properties }) =>
    JSON.stringify(properties.FunctionName).includes(`"${logicalId}"`),
  );

  test('is fed with what the audit trail records of calls, and with nothing that it writes there itself', () => {
    expect(mappings).toHaveLength(1);
    const [{ properties } = expect.fail()] = mappings;
    expect(JSON.stringify(properties.EventSourceArn)).toContain('Audit');
    const [filter] = properties.FilterCriteria.Filters;
    expect(JSON.parse(filter.Pattern)).toEqual({
      eventName: ['INSERT'],
      dynamodb: { NewImage: { action: { S: [...USE_ACTIONS] } } },
    });
  });

  test('tries a batch that fails again in parts, for some hours and not for ever', () => {
    const [{ properties } = expect.fail()] = mappings;
    expect(properties).toMatchObject({ BisectBatchOnFunctionError: true, MaximumRecordAgeInSeconds: 6 * 3600 });
  });

  test('may read and write what it decides on, add to the outbox and the audit trail, and no more', () => {
    const role = JSON.stringify(watch?.properties.Role);
    const policies = resources('AWS::IAM::Policy').filter(({ properties }) =>
      properties.Roles.some((name: object) => role.includes(String(Object.values(name)[0]))),
    );
    const granted = policies
      .flatMap(({ properties }) => properties.PolicyDocument.Statement)
      .flatMap(({ Action, Resource }: { Action: string | string[]; Resource: unknown }) =>
        [Action].flat().map(action => {
          const [table = ''] = /Core|Jobs|Audit/.exec(JSON.stringify(Resource)) ?? [];
          return `${table} ${action}`;
        }),
      )
      .filter((grant: string) => grant.includes('dynamodb:'));
    expect(granted.toSorted()).toEqual([
      'Audit dynamodb:DescribeStream',
      'Audit dynamodb:GetRecords',
      'Audit dynamodb:GetShardIterator',
      'Audit dynamodb:ListStreams',
      'Audit dynamodb:PutItem',
      'Core dynamodb:GetItem',
      'Core dynamodb:PutItem',
      'Core dynamodb:Query',
      'Core dynamodb:UpdateItem',
      'Jobs dynamodb:PutItem',
    ]);
  });
});
