/** The operations by which logs are read: `aws logs tail` is FilterLogEvents, again and again. */
import { z } from 'zod';
import { operationsOn } from '../protocols/operation.ts';
import { AwsError, type CloudContext } from '../service.ts';
import { readFilterPattern } from './filter-pattern.ts';
import type { LogEvent, LogStore, Position } from './log-store.ts';

export interface Logs {
  readonly context: CloudContext;
  readonly store: LogStore;
}

const operation = operationsOn<Logs>();
/** One answer has so many bytes of events. */
const PAGE_BYTES = 1024 * 1024;
const token = z.string().min(1).max(4096);
const time = z.int().min(0);
const GROUP = { logGroupName: z.string().min(1).max(512).optional(), logGroupIdentifier: z.string().min(1).optional() };
const EVENTS = {
  ...GROUP,
  startTime: time.optional(),
  endTime: time.optional(),
  nextToken: token.optional(),
  limit: z.int().min(1).max(10_000).default(10_000),
  // Nothing is masked here.
  unmask: z.boolean().optional(),
};

interface GroupInput {
  readonly logGroupName?: string | undefined;
  readonly logGroupIdentifier?: string | undefined;
}

export const OPERATIONS = {
  DescribeLogGroups: operation(
    {
      logGroupNamePrefix: z.string().optional(),
      logGroupNamePattern: z.string().optional(),
      logGroupClass: z.enum(['STANDARD', 'INFREQUENT_ACCESS', 'DELIVERY']).default('STANDARD'),
      limit: z.int().min(1).max(50).default(50),
      nextToken: token.optional(),
    },
    (_, { state }) => `${groupArn(state.context, '')}:log-stream:`,
    ({ logGroupNamePrefix: prefix, logGroupNamePattern: pattern, logGroupClass, ...span }, { state }) => {
      if (prefix !== undefined && pattern !== undefined) {
        throw invalid('LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.');
      }
      const found = state.store
        .groups()
        .filter(
          ({ name }) => name.startsWith(prefix ?? '') && name.toLowerCase().includes((pattern ?? '').toLowerCase()),
        );
      const { page, next } = pageOf(logGroupClass === 'STANDARD' ? found : [], span);
      return {
        logGroups: page.map(({ name, created, retention_days, bytes }) => ({
          logGroupName: name,
          logGroupArn: groupArn(state.context, name),
          arn: `${groupArn(state.context, name)}:*`,
          creationTime: created,
          ...(retention_days !== null && { retentionInDays: retention_days }),
          metricFilterCount: 0,
          storedBytes: bytes,
          logGroupClass: 'STANDARD',
        })),
        ...next,
      };
    },
  ),

  DescribeLogStreams: operation(
    {
      ...GROUP,
      logStreamNamePrefix: z.string().optional(),
      orderBy: z.enum(['LogStreamName', 'LastEventTime']).default('LogStreamName'),
      descending: z.boolean().default(false),
      limit: z.int().min(1).max(50).default(50),
      nextToken: token.optional(),
    },
    resourceOf,
    (input, { state }) => {
      const group = groupIn(state, input);
      const { logStreamNamePrefix: prefix = '', orderBy, descending } = input;
      if (orderBy === 'LastEventTime' && prefix !== '') {
        throw invalid('Cannot order by LastEventTime with a logStreamNamePrefix.');
      }
      const named = state.store.streams(group).filter(({ name }) => name.startsWith(prefix));
      const ordered = orderBy === 'LastEventTime' ? named.toSorted((a, b) => a.last_at - b.last_at) : named;
      const { page, next } = pageOf(descending ? ordered.toReversed() : ordered, input);
      return {
        logStreams: page.map(stream => ({
          logStreamName: stream.name,
          arn: streamArn(state.context, group, stream.name),
          creationTime: stream.created,
          firstEventTimestamp: stream.first_at,
          lastEventTimestamp: stream.last_at,
          lastIngestionTime: stream.ingested,
          // AWS has no longer any other number for it.
          storedBytes: 0,
        })),
        ...next,
      };
    },
  ),

  FilterLogEvents: operation(
    {
      ...EVENTS,
      logStreamNames: z.array(z.string()).min(1).max(100).optional(),
      logStreamNamePrefix: z.string().min(1).optional(),
      filterPattern: z.string().max(1024).default(''),
      // Events of several streams always come by their time.
      interleaved: z.boolean().optional(),
    },
    resourceOf,
    (input, { state }) => {
      const group = groupIn(state, input);
      const { logStreamNames: names, logStreamNamePrefix: prefix, limit } = input;
      if (names && prefix !== undefined) {
        throw invalid('LogStreamNames and logStreamNamePrefix are mutually exclusive parameters.');
      }
      const known = new Set(names && state.store.streams(group).map(({ name }) => name));
      if (names?.some(name => !known.has(name))) throw notFound('stream');
      const wanted = readFilterPattern(input.filterPattern);
      const from = input.nextToken === undefined ? { at: input.startTime ?? 0, id: 0 } : readToken(input.nextToken);
      const events: LogEvent[] = [];
      let bytes = 0;
      let next: LogEvent | undefined;
      for (const event of state.store.events(group, from, endOf(input.endTime))) {
        if (names ? !names.includes(event.stream) : !event.stream.startsWith(prefix ?? '')) continue;
        if (!wanted(event.message)) continue;
        if (events.length === limit || (events.length > 0 && bytes + event.message.length > PAGE_BYTES)) {
          next = event;
          break;
        }
        bytes += event.message.length;
        events.push(event);
      }
      return {
        events: events.map(event => ({
          ...eventOutput(event),
          logStreamName: event.stream,
          eventId: String(event.id).padStart(56, '0'),
        })),
        searchedLogStreams: [],
        ...(next && { nextToken: writeToken(next) }),
      };
    },
  ),

  GetLogEvents: operation(
    { ...EVENTS, logStreamName: z.string().min(1).max(512), startFromHead: z.boolean().default(false) },
    (input, call) => streamArn(call.state.context, nameIn(call.state.context, input), input.logStreamName),
    (input, { state }) => {
      const group = groupIn(state, input);
      const { logStreamName: name, limit, nextToken } = input;
      if (!state.store.streams(group).some(stream => stream.name === name)) throw notFound('stream');
      const [, direction, place] = /^([fb])\/(.+)$/s.exec(nextToken ?? '') ?? [];
      if (nextToken !== undefined && place === undefined) throw invalid('The specified nextToken is invalid.');
      const backward = direction === undefined ? !input.startFromHead : direction === 'b';
      const [start, end] = [{ at: input.startTime ?? 0, id: 0 }, endOf(input.endTime)];
      const from = place !== undefined && !backward ? readToken(place) : start;
      const to = place !== undefined && backward ? readToken(place) : end;
      const events: LogEvent[] = [];
      let bytes = 0;
      for (const event of state.store.events(group, from, to, backward)) {
        if (event.stream !== name) continue;
        if (events.length === limit || (events.length > 0 && bytes + event.message.length > PAGE_BYTES)) break;
        bytes += event.message.length;
        events.push(event);
      }
      if (backward) events.reverse();
      const [first, last] = [events[0], events.at(-1)];
      // At the end of the stream a token leads to itself, by which a client sees that it is there.
      const here = backward ? to : from;
      return {
        events: events.map(eventOutput),
        nextForwardToken: `f/${writeToken(last ? { at: last.at, id: last.id + 1 } : here)}`,
        nextBackwardToken: `b/${writeToken(first ?? here)}`,
      };
    },
  ),
};

/** The ARN of a group, without the `:*` that stands for its streams. */
export function groupArn({ region, accountId }: CloudContext, name: string): string {
  return `arn:aws:logs:${region}:${accountId}:log-group:${name}`;
}

export function streamArn(context: CloudContext, group: string, stream: string): string {
  return `${groupArn(context, group)}:log-stream:${stream}`;
}

function resourceOf(input: GroupInput, { state }: { state: Logs }): string {
  return streamArn(state.context, nameIn(state.context, input), '');
}

function nameIn(context: CloudContext, { logGroupName: name, logGroupIdentifier: identifier }: GroupInput): string {
  if ((name === undefined) === (identifier === undefined)) {
    throw invalid('Exactly one of logGroupName and logGroupIdentifier should be given.');
  }
  const prefix = groupArn(context, '');
  return (
    name ?? (identifier?.startsWith(prefix) ? identifier.slice(prefix.length).replace(/:\*$/, '') : (identifier ?? ''))
  );
}

function groupIn({ context, store }: Logs, input: GroupInput): string {
  const name = nameIn(context, input);
  if (!store.hasGroup(name)) throw notFound('group');
  return name;
}

function eventOutput({ at, ingested, message }: LogEvent) {
  return { timestamp: at, ingestionTime: ingested, message };
}

/** Past every event of that millisecond, as its end is not included; without one past all. */
function endOf(time: number | undefined): Position {
  return { at: time ?? Number.MAX_SAFE_INTEGER, id: 0 };
}

function pageOf<T>(
  all: readonly T[],
  { limit, nextToken }: { limit: number; nextToken?: string | undefined },
): { page: readonly T[]; next: { nextToken?: string } } {
  const begin = Number(nextToken ?? 0);
  if (!Number.isInteger(begin)) throw invalid('The specified nextToken is invalid.');
  const end = begin + limit;
  return { page: all.slice(begin, end), next: all.length > end ? { nextToken: String(end) } : {} };
}

function writeToken({ at, id }: Position): string {
  return `${at}/${id}`;
}

function readToken(text: string): Position {
  const [, at, id] = /^(\d{1,16})\/(\d{1,16})$/.exec(text) ?? [];
  if (at === undefined || id === undefined) throw invalid('The specified nextToken is invalid.');
  return { at: Number(at), id: Number(id) };
}

function invalid(message: string): AwsError {
  return new AwsError('InvalidParameterException', message);
}

function notFound(what: 'group' | 'stream'): AwsError {
  return new AwsError('ResourceNotFoundException', `The specified log ${what} does not exist.`);
}
