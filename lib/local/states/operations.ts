/** The operations of Step Functions that are here. */
import { z } from 'zod';
import { type Call, operationsOn } from '../protocols/operation.ts';
import { AwsError } from '../service.ts';
import { redriveExecution, redriveRefusal, startExecution } from './executions.ts';
import { StateFailure } from './failure.ts';
import type { Interpreter } from './interpreter.ts';
import { DATA_LIMIT, type Json, type JsonObject } from './json.ts';
import type { EventRow, ExecutionRow, MachineRow, TokenRow } from './rows.ts';

const operation = operationsOn<Interpreter>();
const text = z.string().min(1);
const MACHINE = { stateMachineArn: text };
const EXECUTION = { executionArn: text };
const TOKEN = { taskToken: text };
const includedData = z.enum(['ALL_DATA', 'METADATA_ONLY']).default('ALL_DATA');
/** 0 and nothing mean 100 items. */
const PAGE = { maxResults: z.int().min(0).max(1000).default(0), nextToken: text.optional() };
const SETTINGS = {
  loggingConfiguration: { level: 'OFF', includeExecutionData: false },
  tracingConfiguration: { enabled: false },
};
/** Members of an event that `includeExecutionData: false` leaves out. */
const DATA = ['input', 'output', 'parameters', 'assignedVariables'];

export const OPERATIONS = {
  DescribeStateMachine: operation({ ...MACHINE, includedData }, machineArn, (input, { state: { store } }) => {
    const machine = machineOf(store, input.stateMachineArn);
    return {
      ...machineSummary(machine),
      status: 'ACTIVE',
      roleArn: machine.role_arn,
      ...(input.includedData === 'ALL_DATA' && { definition: store.definition(machine.definition) }),
      ...SETTINGS,
    };
  }),

  ListStateMachines: operation(PAGE, '*', (input, { state: { store } }) => {
    const size = pageSize(input);
    const { rows, next } = page(store.machines(position(input) ?? '', size + 1), size, row => row.arn);
    return { stateMachines: rows.map(machineSummary), ...next };
  }),

  /** The definition that the execution started with, and not the machine's of today. */
  DescribeStateMachineForExecution: operation(
    { ...EXECUTION, includedData },
    executionArn,
    (input, { state: { store } }) => {
      const execution = executionOf(store, input.executionArn);
      const machine = store.machine(execution.machine_arn);
      return {
        stateMachineArn: execution.machine_arn,
        name: execution.machine_arn.split(':').at(-1),
        roleArn: execution.role_arn,
        updateDate: seconds(machine?.updated_at ?? execution.started_at),
        ...(input.includedData === 'ALL_DATA' && { definition: store.definition(execution.definition) }),
        ...SETTINGS,
      };
    },
  ),

  StartExecution: operation(
    // traceHeader has no effect on an execution.
    { ...MACHINE, name: z.string().optional(), input: z.string().optional(), traceHeader: z.string().optional() },
    machineArn,
    (input, { state }) => {
      const machine = machineOf(state.store, input.stateMachineArn);
      const { arn, started_at } = startExecution(state, machine, input, state.now());
      return { executionArn: arn, startDate: seconds(started_at) };
    },
  ),

  DescribeExecution: operation({ ...EXECUTION, includedData }, executionArn, (given, { state }) => {
    const execution = executionOf(state.store, given.executionArn);
    const { input, output, error, cause } = execution;
    const refusal = redriveRefusal(execution, state.now());
    const withData = given.includedData === 'ALL_DATA';
    return {
      ...executionSummary(execution),
      ...(withData && { input, inputDetails: { included: true } }),
      ...(withData && output !== null && { output, outputDetails: { included: true } }),
      ...(error !== null && { error }),
      ...(cause !== null && { cause }),
      redriveStatus: refusal === undefined ? 'REDRIVABLE' : 'NOT_REDRIVABLE',
      ...(refusal !== undefined && { redriveStatusReason: refusal }),
    };
  }),

  ListExecutions: operation(
    {
      ...MACHINE,
      ...PAGE,
      statusFilter: z.enum(['RUNNING', 'SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED', 'PENDING_REDRIVE']).optional(),
    },
    machineArn,
    (input, { state: { store } }) => {
      const { arn } = machineOf(store, input.stateMachineArn);
      const size = pageSize(input);
      const before = Number(position(input) ?? Number.MAX_SAFE_INTEGER);
      const found = store.executions(arn, before, input.statusFilter ?? null, size + 1);
      const { rows, next } = page(found, size, row => row.seq);
      return { executions: rows.map(executionSummary), ...next };
    },
  ),

  StopExecution: operation(
    { ...EXECUTION, error: z.string().optional(), cause: z.string().optional() },
    executionArn,
    (input, { state }) => {
      const { arn } = executionOf(state.store, input.executionArn);
      const { error, cause } = input;
      return state.alone(arn, () => {
        const reason = { ...(error !== undefined && { error }), ...(cause !== undefined && { cause }) };
        state.end(arn, { status: 'ABORTED', ...reason });
        // An execution that had ended already answers when it did.
        return { stopDate: seconds(state.store.execution(arn)?.stopped_at ?? state.now()) };
      });
    },
  ),

  // A redrive twice is harmless, the second finds the execution open; so the token needs no memory.
  RedriveExecution: operation(
    { ...EXECUTION, clientToken: z.string().optional() },
    executionArn,
    async (input, { state }) => {
      const now = state.now();
      await redriveExecution(state, executionOf(state.store, input.executionArn).arn, now);
      return { redriveDate: seconds(now) };
    },
  ),

  GetExecutionHistory: operation(
    {
      ...EXECUTION,
      ...PAGE,
      reverseOrder: z.boolean().default(false),
      includeExecutionData: z.boolean().default(true),
    },
    executionArn,
    (input, { state: { store } }) => {
      const { arn } = executionOf(store, input.executionArn);
      const { reverseOrder, includeExecutionData } = input;
      const size = pageSize(input);
      const after = position(input);
      const first = reverseOrder ? Number.MAX_SAFE_INTEGER : 1;
      const from = after === undefined ? first : Number(after) + (reverseOrder ? -1 : 1);
      const { rows, next } = page(store.events(arn, from, reverseOrder, size + 1), size, row => row.id);
      return { events: rows.map(row => historyEvent(row, includeExecutionData)), ...next };
    },
  ),

  SendTaskSuccess: operation({ ...TOKEN, output: text }, tokenMachine, async (input, { state }) => {
    const { execution, branch, token } = tokenOf(state, input);
    const result = resultIn(input.output);
    taken(await state.alone(execution, () => state.settle(execution, branch, token, { kind: 'result', result })));
    return {};
  }),

  SendTaskFailure: operation(
    { ...TOKEN, error: z.string().default(''), cause: z.string().optional() },
    tokenMachine,
    async (input, { state }) => {
      const { execution, branch, token } = tokenOf(state, input);
      const failure = new StateFailure(input.error, input.cause);
      taken(await state.alone(execution, () => state.settle(execution, branch, token, { kind: 'failure', failure })));
      return {};
    },
  ),

  SendTaskHeartbeat: operation(TOKEN, tokenMachine, async (input, { state }) => {
    const { execution, branch, token } = tokenOf(state, input);
    taken(await state.alone(execution, () => state.heartbeat(execution, branch, token)));
    return {};
  }),
};

function machineArn({ stateMachineArn }: { stateMachineArn: string }): string {
  return stateMachineArn;
}

function executionArn(input: { executionArn: string }): string {
  return input.executionArn;
}

/** A caller must be allowed on the state machine that gave the token. */
function tokenMachine(input: { taskToken: string }, { state }: Call<Interpreter>): string {
  return tokenOf(state, input).machine_arn;
}

function machineOf(store: Interpreter['store'], arn: string): MachineRow {
  const machine = store.machine(arn);
  if (!machine) throw new AwsError('StateMachineDoesNotExist', `State Machine Does Not Exist: '${arn}'`);
  return machine;
}

function executionOf(store: Interpreter['store'], arn: string): ExecutionRow {
  const execution = store.execution(arn);
  if (!execution) throw new AwsError('ExecutionDoesNotExist', `Execution Does Not Exist: '${arn}'`);
  return execution;
}

/** Where the token belongs. An attempt that is over answers TaskTimedOut, whatever ended it. */
function tokenOf({ store }: Interpreter, { taskToken }: { taskToken: string }): TokenRow {
  if (!/^AQCE[\w-]{80}$/.test(taskToken)) throw new AwsError('InvalidToken', "Invalid Token: 'Invalid token'");
  const row = store.token(taskToken);
  if (!row) throw new AwsError('TaskDoesNotExist', "Task does not exist: 'Provided task does not exist'");
  return row;
}

function taken(accepted: boolean): void {
  if (!accepted) throw new AwsError('TaskTimedOut', "Task Timed Out: 'Provided task does not exist anymore'");
}

function resultIn(output: string): Json {
  if (Buffer.byteLength(output) > DATA_LIMIT) {
    throw new AwsError('InvalidOutput', "Invalid Output: 'the output is longer than 262144 bytes'");
  }
  try {
    return JSON.parse(output) as Json;
  } catch (error) {
    throw new AwsError('InvalidOutput', `Invalid Output: '${(error as Error).message}'`);
  }
}

function machineSummary(machine: MachineRow): object {
  return {
    stateMachineArn: machine.arn,
    name: machine.name,
    type: 'STANDARD',
    creationDate: seconds(machine.created_at),
  };
}

function executionSummary(execution: ExecutionRow): object {
  const { stopped_at, redriven_at } = execution;
  return {
    executionArn: execution.arn,
    stateMachineArn: execution.machine_arn,
    name: execution.name,
    status: execution.status,
    startDate: seconds(execution.started_at),
    ...(stopped_at !== null && { stopDate: seconds(stopped_at) }),
    redriveCount: execution.redrive_count,
    ...(redriven_at !== null && { redriveDate: seconds(redriven_at) }),
  };
}

function historyEvent({ id, previous, at, type, detail }: EventRow, withData: boolean): object {
  const all = Object.entries(JSON.parse(detail) as JsonObject);
  const members = Object.fromEntries(withData ? all : all.filter(([name]) => !DATA.includes(name)));
  return {
    id,
    previousEventId: previous,
    timestamp: seconds(at),
    type,
    ...(all.length > 0 && { [detailsOf(type)]: members }),
  };
}

/** The member that holds an event's details: that of all states together for entering and leaving one, else the type's own. */
function detailsOf(type: string): string {
  if (type.endsWith('StateEntered')) return 'stateEnteredEventDetails';
  if (type.endsWith('StateExited')) return 'stateExitedEventDetails';
  return `${type.charAt(0).toLowerCase()}${type.slice(1)}EventDetails`;
}

function pageSize({ maxResults }: { maxResults: number }): number {
  return maxResults || 100;
}

/** Where the page of a `nextToken` begins; throws InvalidToken for one that is not of this engine. */
function position({ nextToken }: { nextToken?: string | undefined }): string | undefined {
  if (nextToken === undefined) return undefined;
  const decoded = Buffer.from(nextToken, 'base64url').toString();
  if (decoded.startsWith('after:')) return decoded.slice('after:'.length);
  throw new AwsError('InvalidToken', "Invalid Token: 'Invalid token'");
}

/** The page's items, and the token of the next page where `rows` has one more than fits. */
function page<Row>(
  rows: readonly Row[],
  size: number,
  at: (row: Row) => string | number,
): { rows: readonly Row[]; next: { nextToken?: string } } {
  const last = rows[size - 1];
  if (rows.length <= size || last === undefined) return { rows, next: {} };
  return { rows: rows.slice(0, size), next: { nextToken: Buffer.from(`after:${at(last)}`).toString('base64url') } };
}

/** A time as the protocol writes it: seconds since the epoch. */
function seconds(milliseconds: number): number {
  return milliseconds / 1000;
}
