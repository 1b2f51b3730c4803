/** A template as it is given to CloudFormation: read, held to CloudFormation's limits and rules, with values for its parameters. */
import { parse } from 'yaml';
import type { Template } from '../assembly.ts';
import { holds, references } from '../intrinsics.ts';
import { isKnown, type ResourceTypes, type StackScope } from '../provision.ts';
import { AwsError } from '../service.ts';

/** Of a template in the call itself, and of one that lies in S3. */
export const LARGEST_BODY_BYTES = 51_200;
export const LARGEST_OBJECT_BYTES = 1_048_576;
const MOST_RESOURCES = 500;
const MOST_PARAMETERS = 200;
const MOST_OUTPUTS = 200;

export function invalid(message: string): never {
  throw new AwsError('ValidationError', message);
}

/** Reads JSON or YAML in its long form; throws ValidationError. */
export function readTemplate(body: string): Template {
  let value: unknown;
  try {
    value = body.trimStart().startsWith('{') ? JSON.parse(body) : parse(body);
  } catch (error) {
    return invalid(
      `Template format error: ${body.trimStart().startsWith('{') ? 'JSON' : 'YAML'} not well-formed. (${(error as Error).message.split('\n')[0]})`,
    );
  }
  if (typeof value !== 'object' || value === null) return invalid('Template format error: unsupported structure.');
  const template = value as Partial<Template>;
  const count = Object.keys(template.Resources ?? {}).length;
  if (count === 0) return invalid('Template format error: At least one Resources member must be defined.');
  tooMany('resources', count, MOST_RESOURCES);
  tooMany('parameters', Object.keys(template.Parameters ?? {}).length, MOST_PARAMETERS);
  tooMany('outputs', Object.keys(template.Outputs ?? {}).length, MOST_OUTPUTS);
  return template as Template;
}

function tooMany(what: string, count: number, most: number): void {
  if (count > most)
    invalid(`Template format error: Number of ${what}, ${count}, is greater than maximum allowed, ${most}`);
}

/** Throws ValidationError, or InsufficientCapabilitiesException, as CloudFormation does before it makes anything. */
export function checkTemplate(template: Template, types: ResourceTypes, capabilities: readonly string[]): void {
  const resources = Object.entries(template.Resources);
  const unknown = [...new Set(resources.map(([, { Type }]) => Type))].filter(type => !isKnown(type, types));
  // One that is not wanted under the parameters given may be of a type that is not here.
  const wanted = unknown.filter(type => resources.some(([, each]) => each.Type === type && !each.Condition));
  if (wanted.length > 0) invalid(`Template format error: Unrecognized resource types: [${wanted.join(', ')}]`);
  const known = new Set([...Object.keys(template.Resources), ...Object.keys(template.Parameters ?? {})]);
  const missing = resources.flatMap(([, { Properties, DependsOn }]) =>
    namedBy(Properties, DependsOn).filter(id => !known.has(String(id)) && !/^AWS::/.test(String(id))),
  );
  if (missing.length > 0) {
    const names = [...new Set(missing)].join(', ');
    invalid(
      `Template format error: Unresolved resource dependencies [${names}] in the Resources block of the template`,
    );
  }
  const circle = circleIn(template);
  if (circle.length > 0) invalid(`Circular dependency between resources: [${circle.join(', ')}]`);
  const identities = resources.filter(([, { Type }]) =>
    /^AWS::IAM::(Role|Policy|ManagedPolicy|InstanceProfile|User|Group)$/.test(Type),
  );
  const named = identities.some(
    ([, { Properties = {} }]) => 'RoleName' in Properties || 'ManagedPolicyName' in Properties,
  );
  const needed =
    identities.length === 0 ? [] : named ? ['CAPABILITY_NAMED_IAM'] : ['CAPABILITY_NAMED_IAM', 'CAPABILITY_IAM'];
  if (needed.length > 0 && !needed.some(capability => capabilities.includes(capability))) {
    const message = `Requires capabilities : [${needed.at(-1)}]`;
    throw new AwsError('InsufficientCapabilitiesException', message);
  }
}

function namedBy(properties: unknown, dependsOn: string | readonly string[] = []): readonly string[] {
  const others = typeof dependsOn === 'string' ? [dependsOn] : dependsOn;
  return [...references(properties), ...others];
}

/** The logical ids that each resource is made after. */
export function dependenciesOf(template: Template): ReadonlyMap<string, ReadonlySet<string>> {
  return new Map(
    Object.entries(template.Resources).map(([id, { Properties, DependsOn }]) => {
      const named = namedBy(Properties, DependsOn);
      return [id, new Set(named.filter(other => other in template.Resources))];
    }),
  );
}

/** The logical ids of a circle, if there is one. */
function circleIn(template: Template): readonly string[] {
  const dependencies = dependenciesOf(template);
  const done = new Set<string>();
  const path: string[] = [];
  const visit = (id: string): readonly string[] => {
    if (path.includes(id)) return path.slice(path.indexOf(id));
    if (done.has(id)) return [];
    path.push(id);
    for (const other of dependencies.get(id) ?? []) {
      const found = visit(other);
      if (found.length > 0) return found;
    }
    path.pop();
    done.add(id);
    return [];
  };
  for (const id of dependencies.keys()) {
    const found = visit(id);
    if (found.length > 0) return found;
  }
  return [];
}

type Values = Readonly<Record<string, string | readonly string[]>>;

/** What a template reads besides: parameters of Systems Manager. */
export interface Lookups {
  parameter(name: string): string | undefined;
}

/** The value of each parameter, from what is given or by default; throws ValidationError. */
export function parametersOf(template: Template, given: Readonly<Record<string, string>>, lookups: Lookups): Values {
  const declared = Object.entries(template.Parameters ?? {});
  const unknown = Object.keys(given).filter(name => !(template.Parameters && name in template.Parameters));
  if (unknown.length > 0) invalid(`Parameters: [${unknown.join(', ')}] do not exist in the template`);
  const missing = declared.filter(([name, { Default }]) => (given[name] ?? Default) === undefined);
  if (missing.length > 0) invalid(`Parameters: [${missing.map(([name]) => name).join(', ')}] must have values`);
  return Object.fromEntries(
    declared.map(([name, { Type, Default, AllowedValues, AllowedPattern }]) => {
      const value = String(given[name] ?? Default);
      if (AllowedValues && !AllowedValues.map(String).includes(value))
        invalid(`Parameter '${name}' must be one of AllowedValues`);
      if (AllowedPattern && !new RegExp(`^(?:${AllowedPattern})$`).test(value))
        invalid(`Parameter '${name}' must match pattern ${AllowedPattern}`);
      if (Type.startsWith('AWS::SSM::Parameter::Value<')) {
        const found = lookups.parameter(value);
        if (found === undefined)
          return invalid(`Unable to fetch parameters [${value}] from parameter store for this account.`);
        return [name, Type.includes('List') ? found.split(',') : found];
      }
      return [
        name,
        Type === 'CommaDelimitedList' || Type.startsWith('List<') ? value.split(',').map(item => item.trim()) : value,
      ];
    }),
  );
}

/** Throws ValidationError where a rule of the template does not hold. */
export function checkRules(template: Template, scope: StackScope): void {
  const failed = Object.values(template.Rules ?? {})
    .filter(({ RuleCondition }) => RuleCondition === undefined || holds(RuleCondition, scope))
    .flatMap(({ Assertions }) => Assertions.filter(({ Assert }) => !holds(Assert, scope)));
  if (failed.length > 0) {
    const words = failed.map(({ AssertDescription }) => AssertDescription ?? 'an assertion does not hold');
    invalid(`Template validation error: ${words.join('; ')}`);
  }
}
