import { describe, expect, test } from 'vitest';
import { USE_ACTIONS } from '../../functions/risk/use.ts';
import { resources } from './synthesised.ts';

const [watch] = resources('AWS::Lambda::Function').filter(
  ({ properties }) => properties.Description === 'functions/risk/watch-use.lambda.ts',
);

describe('what watches use', () => {
  const { logicalId } = watch ?? { logicalId: 'none' };
  const mappings = resources('AWS::Lambda::EventSourceMapping').filter(({ properties }) =>
    String(properties.FunctionName).includes(`<${logicalId}`),
  );

  test('is fed with what the audit trail records of calls, and with nothing that it writes there itself', () => {
    expect(mappings).toHaveLength(1);
    const [{ properties } = expect.fail()] = mappings;
    expect(properties.EventSourceArn).toMatch(/^<Audit/);
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
    const role = String(watch?.properties.Role).replace('.Arn>', '>');
    const statements: { Action: string | string[]; Resource: string | string[] }[] = resources('AWS::IAM::Policy')
      .filter(({ properties }) => properties.Roles.includes(role))
      .flatMap(({ properties }) => properties.PolicyDocument.Statement);
    const granted = statements.flatMap(({ Action, Resource }) =>
      [Action]
        .flat()
        .flatMap(action =>
          action.startsWith('dynamodb:')
            ? [Resource]
                .flat()
                .map(named => `${/Core|Jobs|Audit/.exec(named)?.[0]} ${action.slice('dynamodb:'.length)}`)
            : [],
        ),
    );
    expect(granted.toSorted()).toEqual([
      'Audit DescribeStream',
      'Audit GetRecords',
      'Audit GetShardIterator',
      'Audit ListStreams',
      'Audit PutItem',
      'Core GetItem',
      'Core PutItem',
      'Core Query',
      'Core UpdateItem',
      'Jobs PutItem',
    ]);
  });
});
