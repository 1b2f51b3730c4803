import { KINDS } from '../values/value.ts';
import type { Condition } from './condition.ts';
import type { ExpressionReader } from './expression-reader.ts';
import { argumentsOf, type Operand, readOperand, wrongOperand } from './operand.ts';
import type { Path } from './path.ts';

/** Reads a function that is a condition by itself, such as `attribute_exists(a)`. */
export function readCall(reader: ExpressionReader): Condition {
  const name = reader.next().text;
  const expected = argumentsOf(reader, name);
  reader.expect('(');
  const given = [readOperand(reader)];
  while (reader.accept(',')) given.push(readOperand(reader));
  reader.expect(')');
  if (given.length !== expected) {
    reader.refuse(
      'Incorrect number of operands for operator or function; ' +
        `operator or function: ${name}, number of operands: ${given.length}`,
    );
  }
  const [first, second] = given as [Operand, Operand];
  if (name === 'attribute_exists' || name === 'attribute_not_exists') {
    return { kind: 'exists', path: onlyPath(reader, name, first), wanted: name === 'attribute_exists' };
  }
  if (name === 'attribute_type') return readType(reader, onlyPath(reader, name, first), second);
  if (name === 'contains') return { kind: 'contains', operand: first, argument: second };
  for (const side of [first, second]) {
    if (side.kind === 'value' && !('S' in side.value) && !('B' in side.value)) wrongOperand(reader, name, side.value);
  }
  return { kind: 'begins_with', operand: first, argument: second };
}

function readType(reader: ExpressionReader, path: Path, argument: Operand): Condition {
  if (argument.kind !== 'value') return reader.syntaxError();
  if (!('S' in argument.value)) return wrongOperand(reader, 'attribute_type', argument.value);
  const type = argument.value.S;
  if (!(KINDS as readonly string[]).includes(type)) {
    reader.refuse(`Invalid attribute type name found; type: ${type}, valid types: {B,NULL,SS,BOOL,L,BS,N,NS,S,M}`);
  }
  return { kind: 'type', path, type };
}

function onlyPath(reader: ExpressionReader, name: string, operand: Operand): Path {
  if (operand.kind === 'path') return operand.path;
  return reader.refuse(`Operator or function requires a document path; operator or function: ${name}`);
}
