import type { JsonObject } from '../json.ts';
import type { EventRow } from '../rows.ts';
import { executionOf } from './executions.ts';
import { type Operation, page, pageSize, place, seconds } from './protocol.ts';

/** Members of an event that `includeExecutionData: false` leaves out. */
const DATA = ['input', 'output', 'parameters', 'assignedVariables'];

export const getExecutionHistory: Operation = {
  members: ['executionArn', 'maxResults', 'reverseOrder', 'nextToken', 'includeExecutionData'],
  run(call) {
    const { arn } = executionOf(call, 'states:GetExecutionHistory');
    const newestFirst = call.input.reverseOrder === true;
    const withData = call.input.includeExecutionData !== false;
    const size = pageSize(call.input);
    const after = place(call.input);
    const first = newestFirst ? Number.MAX_SAFE_INTEGER : 1;
    const from = after === undefined ? first : Number(after) + (newestFirst ? -1 : 1);
    const { rows, next } = page(call.interpreter.store.events(arn, from, newestFirst, size + 1), size, row => row.id);
    return { events: rows.map(row => event(row, withData)), ...next };
  },
};

function event({ id, previous, at, type, detail }: EventRow, withData: boolean): object {
  const all = Object.entries(JSON.parse(detail) as JsonObject);
  const members = Object.fromEntries(withData ? all : all.filter(([name]) => !DATA.includes(name)));
  return {
    id,
    previousEventId: previous,
    timestamp: seconds(at),
    type,
    ...(all.length === 0 ? {} : { [detailsOf(type)]: members }),
  };
}

/** The member that holds an event's details: that of all states together for entering and leaving one, else the type's own. */
function detailsOf(type: string): string {
  if (type.endsWith('StateEntered')) return 'stateEnteredEventDetails';
  if (type.endsWith('StateExited')) return 'stateExitedEventDetails';
  return `${type.charAt(0).toLowerCase()}${type.slice(1)}EventDetails`;
}
