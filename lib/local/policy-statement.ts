/**
 * Does one statement of a policy speak about one call? Pure. Elements: Action, NotAction, Resource, NotResource and the
 * condition operators below; a statement with another operator is refused by name, never read as if it were not there.
 */
import { AwsError, type PolicyStatement } from './service.ts';

interface Call {
  readonly action: string;
  readonly resource: string;
  readonly context?: Readonly<Record<string, string>>;
}

/** Whether the statement's action, resource and conditions all cover the call. */
export function statementApplies(statement: PolicyStatement, call: Call): boolean {
  return (
    covers(statement.Action, statement.NotAction, call.action.toLowerCase(), value => value.toLowerCase()) &&
    covers(statement.Resource, statement.NotResource, call.resource, value => value) &&
    Object.entries(statement.Condition ?? {}).every(([operator, keys]) =>
      Object.entries(keys).every(([key, wanted]) => holds(operator, call.context?.[key], [wanted].flat() as string[])),
    )
  );
}

/** Matches a pattern of IAM: `*` any run, `?` one character. */
export function matches(pattern: string, value: string): boolean {
  let expression = expressions.get(pattern);
  if (!expression) {
    const source = pattern
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.');
    expression = new RegExp(`^${source}$`, 's');
    expressions.set(pattern, expression);
  }
  return expression.test(value);
}

/** By pattern: there are as many as policies have, and every call is held to some. */
const expressions = new Map<string, RegExp>();

function covers(
  included: string | readonly string[] | undefined,
  excluded: string | readonly string[] | undefined,
  value: string,
  fold: (text: string) => string,
): boolean {
  if (excluded !== undefined) return ![excluded].flat().some(pattern => matches(fold(pattern as string), value));
  // A statement of a resource policy may leave Resource out: it is then about the resource that it stands on.
  if (included === undefined) return true;
  return [included].flat().some(pattern => matches(fold(pattern as string), value));
}

const OPERATORS: Readonly<Record<string, (actual: string | undefined, wanted: readonly string[]) => boolean>> = {
  StringEquals: (actual, wanted) => actual !== undefined && wanted.includes(actual),
  StringNotEquals: (actual, wanted) => actual === undefined || !wanted.includes(actual),
  StringLike: (actual, wanted) => actual !== undefined && wanted.some(pattern => matches(pattern, actual)),
  StringNotLike: (actual, wanted) => actual === undefined || !wanted.some(pattern => matches(pattern, actual)),
  ArnEquals: (actual, wanted) => actual !== undefined && wanted.some(pattern => matches(pattern, actual)),
  ArnLike: (actual, wanted) => actual !== undefined && wanted.some(pattern => matches(pattern, actual)),
  ArnNotEquals: (actual, wanted) => actual === undefined || !wanted.some(pattern => matches(pattern, actual)),
  Bool: (actual, wanted) => actual !== undefined && wanted.some(value => String(value) === actual),
  Null: (actual, wanted) => wanted.some(value => (String(value) === 'true') === (actual === undefined)),
  NumericLessThan: (actual, wanted) => actual !== undefined && wanted.some(limit => Number(actual) < Number(limit)),
};

function holds(operator: string, actual: string | undefined, wanted: readonly string[]): boolean {
  const [, plain = operator] = /^(?:ForAnyValue:|ForAllValues:)?(.+?)(?:IfExists)?$/.exec(operator) ?? [];
  const test = OPERATORS[plain];
  if (!test)
    throw new AwsError('MalformedPolicyDocument', `The local cloud does not know the condition operator ${operator}`);
  if (actual === undefined && (operator.endsWith('IfExists') || operator.startsWith('ForAllValues:'))) return true;
  return test(actual, wanted);
}
