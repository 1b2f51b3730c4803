/** The errors that Cognito answers here, and its usual words for each; all are HTTP 400. */
import { AwsError } from '../service.ts';

const ERRORS = {
  AliasExistsException: 'An account with the email already exists.',
  CodeMismatchException: 'Invalid verification code provided, please try again.',
  EnableSoftwareTokenMFAException: 'Code mismatch',
  ExpiredCodeException: 'Invalid code provided, please request a code again.',
  InvalidParameterException: 'One or more parameters are invalid.',
  InvalidPasswordException: 'Password did not conform with policy.',
  InvalidUserPoolConfigurationException: 'The configuration of the user pool does not allow this.',
  LimitExceededException: 'Attempt limit exceeded, please try after some time.',
  NotAuthorizedException: 'Incorrect username or password.',
  ResourceNotFoundException: 'The resource does not exist.',
  SoftwareTokenMFANotFoundException: 'Software token MFA has not been set up for the user.',
  TooManyFailedAttemptsException: 'Too many failed attempts.',
  UnknownOperationException: 'The operation is not supported here.',
  UnsupportedUserStateException: 'The state of the user does not allow this.',
  UserNotConfirmedException: 'User is not confirmed.',
  UserNotFoundException: 'User does not exist.',
  UsernameExistsException: 'User already exists',
} as const;

export function refusal(code: keyof typeof ERRORS, message?: string): AwsError {
  return new AwsError(code, message ?? ERRORS[code]);
}
