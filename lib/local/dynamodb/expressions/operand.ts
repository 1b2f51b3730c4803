/** What a condition compares: a document path, a value, or the size of either. */
import { kindOf, measuredSize, order, type Value } from '../values/value.ts';
import type { ExpressionReader } from './expression-reader.ts';
import type { Path } from './path.ts';

type PlainOperand = { readonly kind: 'path'; readonly path: Path } | { readonly kind: 'value'; readonly value: Value };

export type Operand = PlainOperand | { readonly kind: 'size'; readonly of: PlainOperand };

/** How many arguments each function of a condition takes. */
const ARGUMENTS: Readonly<Record<string, number>> = {
  attribute_exists: 1,
  attribute_not_exists: 1,
  attribute_type: 2,
  begins_with: 2,
  contains: 2,
  size: 1,
};

/** Reads one operand. */
export function readOperand(reader: ExpressionReader): Operand {
  if (reader.seesCall()) {
    const name = reader.next().text;
    if (name !== 'size') {
      argumentsOf(reader, name);
      reader.refuse(`The function is not allowed to be used this way in an expression; function: ${name}`);
    }
    reader.operator();
    reader.expect('(');
    const of = readPlain(reader);
    if (of.kind === 'value' && measuredSize(of.value) === undefined) wrongOperand(reader, name, of.value);
    reader.expect(')');
    return { kind: 'size', of };
  }
  return readPlain(reader);
}

function readPlain(reader: ExpressionReader): PlainOperand {
  return reader.peek().kind === 'value'
    ? { kind: 'value', value: reader.value() }
    : { kind: 'path', path: reader.path() };
}

/** How many arguments the function takes; refuses an unknown one. */
export function argumentsOf(reader: ExpressionReader, name: string): number {
  if (!Object.hasOwn(ARGUMENTS, name)) reader.refuse(`Invalid function name; function: ${name}`);
  return ARGUMENTS[name] ?? 0;
}

/** Refuses a literal that has no order, such as a list, beside an operator that needs one. */
export function needsOrder(reader: ExpressionReader, operator: string, operand: Operand): void {
  if (operand.kind === 'value' && order(operand.value, operand.value) === undefined) {
    wrongOperand(reader, operator, operand.value);
  }
}

export function wrongOperand(reader: ExpressionReader, operator: string, value: Value): never {
  reader.refuse(
    `Incorrect operand type for operator or function; operator or function: ${operator}, operand type: ${kindOf(value)}`,
  );
}

/** The paths that operands read. */
export function pathsOfOperands(...operands: readonly Operand[]): readonly Path[] {
  return operands.flatMap(operand => {
    const read = operand.kind === 'size' ? operand.of : operand;
    return read.kind === 'path' ? [read.path] : [];
  });
}
