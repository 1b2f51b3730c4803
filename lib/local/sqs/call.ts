/** What the operations of SQS share: the queue that a call names, batches, and how a value is refused. */
import { z } from 'zod';
import { type InputProblem, operationsOn, readInput } from '../protocols/operation.ts';
import { AwsError, type CloudContext } from '../service.ts';
import type { Arrivals } from './arrivals.ts';
import type { Messages } from './messages.ts';
import type { Queue, Queues } from './queues.ts';
import { invalid, queryCode, refusal } from './sqs-error.ts';

export interface Sqs {
  readonly context: CloudContext;
  readonly queues: Queues;
  readonly messages: Messages;
  readonly arrivals: Arrivals;
}

export type Output = Readonly<Record<string, unknown>>;

export const operation = operationsOn<Sqs>();

export const QUEUE = { QueueUrl: z.string().min(1) };

/** The queue that a call names, as the resource of its operation; throws QueueDoesNotExist. */
export function queueArn({ QueueUrl }: { QueueUrl: string }, { state: { queues } }: { state: Sqs }): string {
  return queues.arnOf(queues.nameIn(QueueUrl));
}

export function queueOf({ queues }: Sqs, { QueueUrl }: { QueueUrl: string }): Queue {
  return queues.get(queues.nameIn(QueueUrl));
}

/** The error for an input that its shape does not allow. */
export function invalidInput({ kind, of, path, value, expected }: InputProblem): AwsError {
  const name = path.join('.');
  if (kind === 'unknown') return refusal('UnsupportedOperation', `The local SQS does not read ${name} of ${of}.`);
  if (kind === 'missing' || value === '') {
    return refusal('MissingRequiredParameterException', `The request must contain the parameter ${name}.`);
  }
  return invalid(name, value, expected);
}

const Entry = z.looseObject({ Id: z.string().regex(/^[A-Za-z0-9_-]{1,80}$/) });
type Entry = z.output<typeof Entry>;

/** The entries of a batch are read one by one, since each succeeds or fails on its own. */
export const BATCH = { ...QUEUE, Entries: z.array(z.unknown()).default([]) };

/** Throws where SQS refuses the batch as a whole. */
export function batchEntries({ Entries }: { Entries: readonly unknown[] }): readonly Entry[] {
  if (Entries.length === 0) throw refusal('EmptyBatchRequest');
  if (Entries.length > 10) {
    throw refusal(
      'TooManyEntriesInBatchRequest',
      `Maximum number of entries per request are 10. You have sent ${Entries.length}.`,
    );
  }
  const entries = Entries.map(entry => readInput(Entry, entry, 'Entries', () => refusal('InvalidBatchEntryId')));
  const twice = entries.find(({ Id }, index) => entries.findIndex(other => other.Id === Id) < index);
  if (twice) throw refusal('BatchEntryIdsNotDistinct', `Id ${twice.Id} repeated.`);
  return entries;
}

/** Does `work` for each entry, read by `shape`; what it throws as AwsError becomes that entry's failure. */
export function eachOf<Shape extends z.ZodRawShape>(
  entries: readonly Entry[],
  shape: Shape,
  work: (input: z.output<z.ZodObject<Shape>>) => Output,
): Output {
  const schema = z.strictObject(shape);
  const Successful: Output[] = [];
  const Failed: Output[] = [];
  for (const { Id, ...given } of entries) {
    try {
      Successful.push({ Id, ...work(readInput(schema, given, 'Entries', invalidInput)) });
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      const { code, message, status } = error;
      Failed.push({ Id, Code: queryCode(code), Message: message, SenderFault: status < 500 });
    }
  }
  return { Successful, Failed: Failed.length > 0 ? Failed : undefined };
}
