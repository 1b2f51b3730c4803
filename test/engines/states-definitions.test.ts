import { StartExecutionCommand } from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  askQueue,
  FUNCTION,
  invoke,
  jsonata,
  type Machines,
  only,
  QUEUE,
  ROLE,
  startMachines,
} from './states-machine.ts';

/** The package has no types of its own. */
const { default: aslValidator } = (await import('asl-validator' as string)) as {
  default: (definition: object) => { isValid: boolean; errorsText(): string };
};

let machines: Machines;
beforeAll(async () => {
  machines = await startMachines();
});
afterAll(() => machines.stop());

const wait = { Type: 'Wait', Seconds: 1, End: true };
const map = (more: object) => ({
  Type: 'Map',
  ItemProcessor: { StartAt: 'Each', States: { Each: wait } },
  End: true,
  ...more,
});
const send = (Arguments: object) => ({
  Type: 'Task',
  Resource: 'arn:aws:states:::sqs:sendMessage',
  Arguments,
  End: true,
});

const refused: readonly [string, object, RegExp][] = [
  ['JSONPath by name', { QueryLanguage: 'JSONPath', ...only(wait) }, /QueryLanguage "JSONPath"/],
  ['a state in JSONPath', only({ ...wait, QueryLanguage: 'JSONPath' }), /'Only'.*QueryLanguage "JSONPath"/],
  ['a field of JSONPath', only({ ...invoke(), ResultPath: '$.x' }), /'Only'.*ResultPath/],
  ['an unknown type of state', only({ Type: 'Sleep' }), /'Only'.*Type/],
  ['a Next to nowhere', only({ Type: 'Pass', Next: 'Gone' }), /'Only'.*'Gone'/],
  ['a StartAt to nowhere', { StartAt: 'Gone', States: { Only: wait } }, /StartAt.*'Gone'/],
  ['a state without a way out', only({ Type: 'Pass' }), /'Only'.*Next and End/],
  ['JSONata that does not parse', only({ Type: 'Pass', Output: '{% 1 + %}', End: true }), /'Only': Output.*1 \+/],
  ['$eval', only({ Type: 'Pass', Output: '{% $eval("1") %}', End: true }), /'Only'.*\$eval/],
  ['another service', only(invoke({ Resource: 'arn:aws:states:::dynamodb:putItem' })), /'Only'.*dynamodb:putItem/],
  ['another pattern', only(invoke({ Resource: 'arn:aws:states:::ecs:runTask.sync' })), /'Only'.*ecs:runTask/],
  [
    'an argument of Lambda',
    only(invoke({ Arguments: { FunctionName: FUNCTION, InvocationType: 'Event' } })),
    /InvocationType/,
  ],
  ['an argument of SQS', only(send({ QueueUrl: QUEUE, MessageBody: 'x', DelaySeconds: 5 })), /'Only'.*DelaySeconds/],
  ['a missing argument', only(send({ QueueUrl: QUEUE })), /'Only'.*MessageBody/],
  ['a heartbeat nobody can send', only(invoke({ HeartbeatSeconds: 5 })), /'Only'.*HeartbeatSeconds/],
  [
    'a heartbeat as long as the timeout',
    only(askQueue({ HeartbeatSeconds: 5, TimeoutSeconds: 5 })),
    /'Only'.*HeartbeatSeconds/,
  ],
  ['a distributed Map', only(map({ ItemReader: {} })), /'Only'.*ItemReader/],
  ['a tolerated failure', only(map({ ToleratedFailureCount: 1 })), /'Only'.*ToleratedFailureCount/],
  [
    'States.ALL before another catcher',
    only(invoke({ Retry: [{ ErrorEquals: ['States.ALL'] }, { ErrorEquals: ['X'] }] })),
    /'Only'.*States.ALL/,
  ],
  ['a name used at two levels', { StartAt: 'Each', States: { Each: map({}) } }, /'Each'.*twice/],
  [
    'a variable of an outer level assigned within',
    only(
      map({
        Assign: { v: 1 },
        ItemProcessor: { StartAt: 'In', States: { In: { Type: 'Pass', Assign: { v: 2 }, End: true } } },
      }),
    ),
    /'In'.*'v'/,
  ],
];

describe('a template is refused by logical id and state for', () => {
  for (const [what, definition, message] of refused) {
    test(what, async () => {
      const made = machines.make(definition, 'Refused');
      await expect(made).rejects.toThrow(/^Refused: /);
      await expect(machines.make(definition, 'Refused')).rejects.toThrow(message);
    });
  }

  test('a state machine without a QueryLanguage', async () => {
    const properties = { DefinitionString: JSON.stringify(only(wait)), RoleArn: ROLE };
    await expect(machines.cloud.make('AWS::StepFunctions::StateMachine', 'Plain', properties)).rejects.toThrow(
      /Plain: .*JSONPath/,
    );
  });

  test('EXPRESS, and a property that has no meaning here', async () => {
    const properties = { DefinitionString: JSON.stringify(jsonata(only(wait))), RoleArn: ROLE };
    const make = (more: object) =>
      machines.cloud.make('AWS::StepFunctions::StateMachine', 'Odd', { ...properties, ...more });
    await expect(make({ StateMachineType: 'EXPRESS' })).rejects.toThrow(/Odd: .*EXPRESS/);
    await expect(make({ DefinitionS3Location: {} })).rejects.toThrow(/Odd: .*DefinitionS3Location/);
  });
});

test('a Definition object with substitutions runs, with the properties of a deployed machine', async () => {
  // The dollar stands apart because this is a placeholder of CloudFormation and none of JavaScript.
  const placeholder = `\${${'Function'}}`;
  const made = await machines.cloud.make('AWS::StepFunctions::StateMachine', 'Whole', {
    Definition: jsonata(only(invoke({ Arguments: { FunctionName: placeholder, Payload: {} } }))),
    DefinitionSubstitutions: { Function: FUNCTION },
    RoleArn: ROLE,
    StateMachineName: 'whole',
    StateMachineType: 'STANDARD',
    LoggingConfiguration: {},
    TracingConfiguration: { Enabled: true },
    EncryptionConfiguration: { Type: 'AWS_OWNED_KEY' },
    Tags: [],
  });
  const { executionArn } = await machines.sfn.send(new StartExecutionCommand({ stateMachineArn: made.ref }));
  await machines.ended(executionArn ?? '');
  expect(machines.outside.invocations).toMatchObject([{ functionArn: FUNCTION, as: ROLE }]);
  expect(made).toMatchObject({ ref: made.attributes.Arn, attributes: { Name: 'whole' } });
  expect(made.ref).toBe('arn:aws:states:us-east-1:000000000000:stateMachine:whole');
});

test('a definition with every kind of state that asl-validator accepts runs to its end', async () => {
  const States = {
    First: { Type: 'Pass', Assign: { n: 2 }, Output: { items: [1, 2] }, Next: 'Which' },
    Which: { Type: 'Choice', Choices: [{ Condition: '{% $n = 2 %}', Next: 'Pause' }], Default: 'Bad' },
    Pause: { Type: 'Wait', Seconds: 0, Next: 'Each' },
    Each: {
      Type: 'Map',
      Items: '{% $states.input.items %}',
      MaxConcurrency: 1,
      ItemSelector: { item: '{% $states.context.Map.Item.Value %}' },
      ItemProcessor: { ProcessorConfig: { Mode: 'INLINE' }, StartAt: 'One', States: { One: invoke() } },
      Next: 'Both',
    },
    Both: {
      Type: 'Parallel',
      Branches: [
        { StartAt: 'Left', States: { Left: { Type: 'Pass', End: true } } },
        { StartAt: 'Right', States: { Right: invoke({ TimeoutSeconds: 60 }) } },
      ],
      Retry: [
        {
          ErrorEquals: ['States.ALL'],
          IntervalSeconds: 1,
          MaxAttempts: 2,
          BackoffRate: 2,
          MaxDelaySeconds: 5,
          JitterStrategy: 'FULL',
        },
      ],
      Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Bad' }],
      Next: 'Good',
    },
    Good: { Type: 'Succeed', Output: '{% $states.input[0] %}' },
    Bad: { Type: 'Fail', Error: 'Bad', Cause: '{% $states.input.Cause %}' },
  };
  const definition = jsonata({ Comment: 'every kind', StartAt: 'First', TimeoutSeconds: 600, States });
  const verdict = aslValidator(definition);
  expect(verdict.errorsText()).toBe('');
  expect(verdict.isValid).toBe(true);
  const ended = await machines.run(definition);
  expect(ended).toMatchObject({ status: 'SUCCEEDED', output: '[{"item":1},{"item":2}]' });
});
