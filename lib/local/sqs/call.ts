/** One call of SQS, whichever protocol it came by: its input is the JSON protocol's. */
import type { CloudContext } from '../service.ts';
import type { Arrivals } from './arrivals.ts';
import type { Messages } from './messages.ts';
import type { Queue, Queues } from './queues.ts';
import { refusal } from './sqs-error.ts';

export interface Sqs {
  readonly context: CloudContext;
  readonly queues: Queues;
  readonly messages: Messages;
  readonly arrivals: Arrivals;
}

export interface Call extends Sqs {
  readonly input: Readonly<Record<string, unknown>>;
  readonly principal: string;
  /** Aborted once the caller has gone. */
  readonly gone: AbortSignal | undefined;
  /** Throws AccessDenied unless the caller may do this to the queue with that ARN. */
  authorize(action: string, arn: string): void;
}

export type Output = Readonly<Record<string, unknown>>;
export type Handler = (call: Call) => Output | Promise<Output>;

/** The queue that the call names, once the caller may do `action` to it; throws AccessDenied, QueueDoesNotExist. */
export function queueFor(call: Call, action: string): Queue {
  const url = requiredText(call.input, 'QueueUrl');
  const name = call.queues.nameIn(url);
  call.authorize(`sqs:${action}`, call.queues.arnOf(name));
  return call.queues.get(name);
}

/** A text of the input; throws MissingRequiredParameterException. */
export function requiredText(input: Call['input'], name: string): string {
  const value = optionalText(input, name);
  if (!value) throw refusal('MissingRequiredParameterException', `The request must contain the parameter ${name}.`);
  return value;
}

export function optionalText(input: Call['input'], name: string): string | undefined {
  const value = input[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') throw refusal('InvalidParameterValueException', `${name} must be a string.`);
  return value;
}

/** A whole number of the input within its limits; throws InvalidParameterValue. */
export function optionalNumber(input: Call['input'], name: string, least: number, most: number): number | undefined {
  const value = input[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'number' || !Number.isInteger(value) || value < least || value > most) {
    throw refusal(
      'InvalidParameterValueException',
      `Value ${value} for parameter ${name} is invalid. Reason: Must be between ${least} and ${most}, if provided.`,
    );
  }
  return value;
}

export function textList(input: Call['input'], name: string): readonly string[] {
  const value = input[name] ?? [];
  if (!Array.isArray(value) || !value.every(item => typeof item === 'string')) {
    throw refusal('InvalidParameterValueException', `${name} must be a list of strings.`);
  }
  return value;
}

/** A map of texts, such as attributes or tags. */
export function textMap(input: Call['input'], name: string): Readonly<Record<string, string>> {
  const value = input[name] ?? {};
  if (typeof value !== 'object' || !Object.values(value as object).every(item => typeof item === 'string')) {
    throw refusal('InvalidParameterValueException', `${name} must be a map of strings.`);
  }
  return value as Record<string, string>;
}
