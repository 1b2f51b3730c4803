/** What the holder of a task token can say. An attempt that is over answers TaskTimedOut, whatever ended it. */
import { AwsError } from '../../service.ts';
import { StateFailure } from '../failure.ts';
import { DATA_LIMIT, type Json } from '../json.ts';
import type { TokenRow } from '../rows.ts';
import { type Call, type Operation, optionalText, text } from './protocol.ts';

const TOKEN = /^AQCE[\w-]{80}$/;

export const sendTaskSuccess: Operation = {
  members: ['taskToken', 'output'],
  async run(call) {
    const holder = holderOf(call, 'states:SendTaskSuccess');
    const result = outputOf(text(call.input, 'output'));
    const { execution, branch, token } = holder;
    const { interpreter } = call;
    must(
      await interpreter.alone(execution, () =>
        interpreter.settle(execution, branch, token, { kind: 'result', result }),
      ),
    );
    return {};
  },
};

export const sendTaskFailure: Operation = {
  members: ['taskToken', 'error', 'cause'],
  async run(call) {
    const { execution, branch, token } = holderOf(call, 'states:SendTaskFailure');
    const { interpreter, input } = call;
    const failure = new StateFailure(optionalText(input, 'error') ?? '', optionalText(input, 'cause'));
    must(
      await interpreter.alone(execution, () =>
        interpreter.settle(execution, branch, token, { kind: 'failure', failure }),
      ),
    );
    return {};
  },
};

export const sendTaskHeartbeat: Operation = {
  members: ['taskToken'],
  async run(call) {
    const { execution, branch, token } = holderOf(call, 'states:SendTaskHeartbeat');
    const { interpreter } = call;
    must(await interpreter.alone(execution, () => interpreter.heartbeat(execution, branch, token)));
    return {};
  },
};

/** Where the token belongs; a caller must be allowed on the state machine that gave it. */
function holderOf(call: Call, action: string): TokenRow {
  const token = text(call.input, 'taskToken');
  if (!TOKEN.test(token)) throw new AwsError('InvalidToken', "Invalid Token: 'Invalid token'");
  const row = call.interpreter.store.token(token);
  if (!row) throw new AwsError('TaskDoesNotExist', "Task does not exist: 'Provided task does not exist'");
  call.request.authorize(action, row.machine_arn);
  return row;
}

function outputOf(output: string): Json {
  if (Buffer.byteLength(output) > DATA_LIMIT) {
    throw new AwsError('InvalidOutput', "Invalid Output: 'the output is longer than 262144 bytes'");
  }
  try {
    return JSON.parse(output) as Json;
  } catch (error) {
    throw new AwsError('InvalidOutput', `Invalid Output: '${(error as Error).message}'`);
  }
}

function must(taken: boolean): void {
  if (!taken) throw new AwsError('TaskTimedOut', "Task Timed Out: 'Provided task does not exist anymore'");
}
