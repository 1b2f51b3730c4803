import { AwsError } from '../../service.ts';

/** Throws ValidationException: DynamoDB understands the request but does not take it. */
export function refuse(message: string): never {
  throw new AwsError('ValidationException', message);
}
