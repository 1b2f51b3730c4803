/** Errors as SQS words them: the JSON protocol's shape name, and the code by which the older Query protocol knows it. */
import { AwsError } from '../service.ts';

/** Every refusal that SQS makes here: HTTP status, code in the Query protocol, AWS's own message. */
const ERRORS = {
  AccessDeniedException: [403, 'AccessDenied', 'Access to the resource is denied.'],
  BatchEntryIdsNotDistinct: [
    400,
    'AWS.SimpleQueueService.BatchEntryIdsNotDistinct',
    'Two or more batch entries in the request have the same Id.',
  ],
  BatchRequestTooLong: [
    400,
    'AWS.SimpleQueueService.BatchRequestTooLong',
    'The length of all the messages in the batch is more than the limit.',
  ],
  EmptyBatchRequest: [
    400,
    'AWS.SimpleQueueService.EmptyBatchRequest',
    'There should be at least one entry in the request.',
  ],
  InvalidAttributeName: [400, 'InvalidAttributeName', 'The specified attribute does not exist.'],
  InvalidAttributeValue: [400, 'InvalidAttributeValue', 'Invalid value for the parameter.'],
  InvalidBatchEntryId: [
    400,
    'AWS.SimpleQueueService.InvalidBatchEntryId',
    'A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.',
  ],
  InvalidMessageContents: [
    400,
    'InvalidMessageContents',
    'Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF',
  ],
  InvalidParameterValueException: [400, 'InvalidParameterValue', 'One or more parameters are invalid.'],
  MessageNotInflight: [400, 'AWS.SimpleQueueService.MessageNotInflight', 'The specified message is not in flight.'],
  MissingRequiredParameterException: [400, 'MissingParameter', 'The request must contain a parameter that it lacks.'],
  PurgeQueueInProgress: [
    403,
    'AWS.SimpleQueueService.PurgeQueueInProgress',
    'Only one PurgeQueue operation on a queue is allowed every 60 seconds.',
  ],
  QueueDoesNotExist: [400, 'AWS.SimpleQueueService.NonExistentQueue', 'The specified queue does not exist.'],
  ReceiptHandleIsInvalid: [404, 'ReceiptHandleIsInvalid', 'The input receipt handle is invalid.'],
  ResourceNotFoundException: [404, 'ResourceNotFoundException', 'The resource that you specified does not exist.'],
  TooManyEntriesInBatchRequest: [
    400,
    'AWS.SimpleQueueService.TooManyEntriesInBatchRequest',
    'Maximum number of entries per request are 10.',
  ],
  UnsupportedOperation: [400, 'AWS.SimpleQueueService.UnsupportedOperation', 'This operation is not supported.'],
} as const satisfies Record<string, readonly [number, string, string]>;

export function refusal(code: keyof typeof ERRORS, message?: string): AwsError {
  const [status, , usual] = ERRORS[code];
  return new AwsError(code, message ?? usual, status);
}

/** `Value x for parameter p is invalid. Reason: ...`, the sentence in which SQS refuses a value. */
export function invalid(parameter: string, value: unknown, reason: string): AwsError {
  return refusal(
    'InvalidParameterValueException',
    `Value ${value} for parameter ${parameter} is invalid. Reason: ${reason}`,
  );
}

/** The code of an error in the Query protocol. */
export function queryCode(code: string): string {
  return code in ERRORS ? ERRORS[code as keyof typeof ERRORS][1] : code;
}
