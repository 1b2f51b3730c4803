/**
 * Evaluates CloudFormation's intrinsic functions. Pure: what a reference stands for is asked of `Scope`. A function that
 * is not here is refused by name.
 */
import type { Template } from './assembly.ts';

export interface Scope {
  /** What `Ref` answers: a resource, a parameter or a pseudo parameter. */
  /** A parameter that is a list answers all of it. */
  ref(name: string): string | readonly string[];
  attribute(logicalId: string, attribute: string): string;
  importValue(name: string): string;
  readonly template: Template;
  readonly region: string;
}

/** `value` with every intrinsic replaced; keys whose value is `AWS::NoValue` are gone. */
export function resolve(value: unknown, scope: Scope): unknown {
  if (Array.isArray(value)) return value.map(item => resolve(item, scope)).filter(item => item !== NO_VALUE);
  if (typeof value !== 'object' || value === null) return value;
  const [name = '', ...others] = Object.keys(value);
  if (others.length === 0 && (name === 'Ref' || name === 'Condition' || name.startsWith('Fn::'))) {
    return call(name, (value as Record<string, unknown>)[name], scope, value);
  }
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, item]) => [key, resolve(item, scope)])
      .filter(([, item]) => item !== NO_VALUE),
  );
}

const NO_VALUE = Symbol('AWS::NoValue');

function call(name: string, argument: unknown, scope: Scope, whole: unknown): unknown {
  const list = (): unknown[] => resolve(argument, scope) as unknown[];
  switch (name) {
    case 'Ref':
      return argument === 'AWS::NoValue' ? NO_VALUE : scope.ref(String(argument));
    case 'Fn::GetAtt': {
      const [id, ...path] = typeof argument === 'string' ? argument.split('.') : (argument as string[]);
      return scope.attribute(String(id), path.join('.'));
    }
    case 'Fn::Join': {
      const [separator, parts] = list();
      return (parts as unknown[]).join(String(separator));
    }
    case 'Fn::Sub':
      return substitute(argument, scope);
    case 'Fn::Select': {
      const [index, items] = list();
      return (items as unknown[])[Number(index)];
    }
    case 'Fn::Split': {
      const [separator, text] = list();
      return String(text).split(String(separator));
    }
    case 'Fn::ImportValue':
      return scope.importValue(String(resolve(argument, scope)));
    case 'Fn::GetAZs':
      return [`${scope.region}a`, `${scope.region}b`];
    case 'Fn::FindInMap': {
      const [map, first, second] = list().map(String);
      return scope.template.Mappings?.[map ?? '']?.[first ?? '']?.[second ?? ''];
    }
    case 'Fn::If': {
      const [condition, whenTrue, whenFalse] = argument as [string, unknown, unknown];
      return resolve(holds(scope.template.Conditions?.[condition], scope) ? whenTrue : whenFalse, scope);
    }
    case 'Condition':
      // `{Condition: ...}` alone is also an ordinary property, of an IAM statement.
      return typeof argument === 'string' ? argument : { Condition: resolve(argument, scope) };
    default:
      throw new Error(`The local cloud does not know the intrinsic function ${name} in ${JSON.stringify(whole)}`);
  }
}

/** Whether a condition of the template holds. */
export function holds(condition: unknown, scope: Scope): boolean {
  const [name = '', argument] = Object.entries(condition as Record<string, unknown>)[0] ?? [];
  const operands = argument as unknown[];
  switch (name) {
    case 'Fn::Equals':
      return resolve(operands[0], scope) === resolve(operands[1], scope);
    case 'Fn::And':
      return operands.every(operand => holds(operand, scope));
    case 'Fn::Or':
      return operands.some(operand => holds(operand, scope));
    case 'Fn::Not':
      return !holds(operands[0], scope);
    case 'Fn::Contains': {
      const [values, value] = operands;
      return (resolve(values, scope) as unknown[]).map(String).includes(String(resolve(value, scope)));
    }
    case 'Condition':
      return holds(scope.template.Conditions?.[String(argument)], scope);
    default:
      throw new Error(`The local cloud does not know the condition ${name}`);
  }
}

function substitute(argument: unknown, scope: Scope): string {
  const [text, variables] = (Array.isArray(argument) ? argument : [argument, {}]) as [string, Record<string, unknown>];
  return text.replace(/\$\{([^}]+)\}/g, (_, name: string) => {
    if (name.startsWith('!')) return `\${${name.slice(1)}}`;
    if (name in variables) return String(resolve(variables[name], scope));
    const [id = '', ...path] = name.split('.');
    return path.length > 0 ? scope.attribute(id, path.join('.')) : String(scope.ref(name));
  });
}

/**
 * Throws where a text of `value`, whose intrinsics are replaced, holds a dynamic reference: CloudFormation would put a
 * secret or a parameter there. `where` says whose value it is.
 */
export function refuseDynamicReferences(value: unknown, where: string): void {
  if (typeof value === 'object' && value !== null) {
    for (const [key, item] of Object.entries(value)) refuseDynamicReferences(item, `${where}.${key}`);
  }
  const [found] = (typeof value === 'string' && /\{\{resolve:[^}]*\}\}/.exec(value)) || [];
  if (found === undefined) return;
  const remedy = 'give the secret or the parameter by name, and read it when the code runs';
  throw new Error(`${where}: the local cloud does not know the dynamic reference ${found}: ${remedy}`);
}

/** The logical ids that `value` refers to, by Ref, Fn::GetAtt or Fn::Sub. */
export function references(value: unknown): Set<string> {
  const found = new Set<string>();
  const visit = (item: unknown): void => {
    if (typeof item !== 'object' || item === null) return;
    if (Array.isArray(item)) {
      for (const element of item) visit(element);
      return;
    }
    for (const [key, argument] of Object.entries(item)) {
      if (key === 'Ref') found.add(String(argument));
      else if (key === 'Fn::GetAtt')
        found.add(String(Array.isArray(argument) ? argument[0] : String(argument).split('.')[0]));
      else if (key === 'Fn::Sub') {
        const text = String(Array.isArray(argument) ? argument[0] : argument);
        for (const match of text.matchAll(/\$\{([^}!.]+)/g)) found.add(match[1] ?? '');
        visit(argument);
      } else visit(argument);
    }
  };
  visit(value);
  return found;
}
