import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import {
  GetExecutionHistoryCommand,
  ListExecutionsCommand,
  SendTaskSuccessCommand,
  SFNClient,
} from '@aws-sdk/client-sfn';
import { expect, test } from 'vitest';
import { createStates } from '../../lib/local/states/states.ts';
import { startEngines } from '../support/engine-cloud.ts';
import { askQueue, invoke, until } from './states-machine.ts';

const EXECUTIONS = 30;
const MACHINE = 'arn:aws:states:us-east-1:000000000000:stateMachine:Test-Crash';
const definition = {
  QueryLanguage: 'JSONata',
  StartAt: 'First',
  States: {
    First: invoke({ End: undefined, Next: 'Each' }),
    Each: {
      Type: 'Map',
      Items: [1, 2],
      ItemProcessor: { StartAt: 'Call', States: { Call: invoke() } },
      Next: 'Ask',
    },
    Ask: askQueue({ Next: 'Last', End: undefined, TimeoutSeconds: 600 }),
    Last: { Type: 'Succeed' },
  },
};

/** Runs in a process of its own, which is killed in the midst of it; writes one line for each message sent. */
const program = (dataDir: string) => `
  import { SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
  import { createStates } from './lib/local/states/states.ts';
  import { startEngines } from './test/support/engine-cloud.ts';
  const ports = {
    invokeFunction: async ({ payload }) => {
      await new Promise(resolve => setTimeout(resolve, Math.random() * 60));
      return { payload, functionError: undefined };
    },
    sendMessage: async ({ body }) => (console.log(body), { messageId: 'm' }),
  };
  const cloud = await startEngines([createStates], { dataDir: ${JSON.stringify(dataDir)}, ports });
  const properties = { DefinitionString: ${JSON.stringify(JSON.stringify(definition))}, RoleArn: 'arn:aws:iam::000000000000:role/machine' };
  const { ref } = await cloud.make('AWS::StepFunctions::StateMachine', 'Crash', properties);
  const sfn = new SFNClient(cloud.client);
  await Promise.all(Array.from({ length: ${EXECUTIONS} }, (_, i) =>
    sfn.send(new StartExecutionCommand({ stateMachineArn: ref, name: 'e' + i, input: String(i) }))));
  console.log('started');
  setInterval(() => {}, 1000);
`;

test('after kill -9 in the midst of it, every execution goes on to its end, with each transition written once', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'crash-'));
  const child = spawn(process.execPath, ['--input-type=module', '-e', program(dataDir)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const tokens: string[] = [];
  let started = false;
  for await (const line of createInterface({ input: child.stdout })) {
    if (line === 'started') started = true;
    else tokens.push((JSON.parse(line) as { token: string }).token);
    // Some are at their call, some in the Map, some at their token.
    if (started && tokens.length >= 5) child.kill('SIGKILL');
  }

  const ports = {
    invokeFunction: async ({ payload }: { payload: string }) => ({ payload, functionError: undefined }),
    sendMessage: async ({ body }: { body: string }) => {
      tokens.push((JSON.parse(body) as { token: string }).token);
      return { messageId: 'm' };
    },
  };
  const cloud = await startEngines([createStates], { dataDir, ports });
  const sfn = new SFNClient(cloud.client);
  const executions = await until(async () => {
    for (const taskToken of tokens.splice(0)) {
      await sfn.send(new SendTaskSuccessCommand({ taskToken, output: '"ok"' })).catch(error => {
        // A message whose sending the crash cut short is sent again with the same token.
        if (error.name !== 'TaskTimedOut') throw error;
      });
    }
    const page = await sfn.send(new ListExecutionsCommand({ stateMachineArn: MACHINE }));
    return page.executions?.some(({ status }) => status === 'RUNNING') ? undefined : page.executions;
  });
  expect(executions?.map(({ status }) => status)).toEqual(Array.from({ length: EXECUTIONS }, () => 'SUCCEEDED'));
  for (const { executionArn } of executions ?? []) {
    const { events } = await sfn.send(new GetExecutionHistoryCommand({ executionArn, maxResults: 1000 }));
    expect(events?.map(({ id }) => id)).toEqual(events?.map((_, i) => i + 1));
    const count = (type: string) => events?.filter(event => event.type === type).length;
    expect([count('TaskScheduled'), count('TaskSucceeded'), count('MapIterationSucceeded')]).toEqual([4, 4, 2]);
    expect([count('TaskStateEntered'), count('TaskStateExited'), count('ExecutionSucceeded')]).toEqual([4, 4, 1]);
  }
  sfn.destroy();
  await cloud.stop();
  rmSync(dataDir, { recursive: true, force: true });
});
