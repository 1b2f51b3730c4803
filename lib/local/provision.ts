/**
 * Makes the resources of an assembly. Every identity is known before anything is made, so references may go in any
 * direction; then each resource is made after those it refers to. A type is made by its engine, or is accepted as inert
 * by name, or stops the boot.
 */
import type { Assembly, Stack } from './assembly.ts';
import { CUSTOM_RESOURCE } from './cloudformation/custom-resource.ts';
import { holds, references, refuseDynamicReferences, resolve, type Scope } from './intrinsics.ts';
import type { Engine, Identity, Resource, ResourceType } from './service.ts';

export interface Provisioned {
  readonly resources: readonly Resource[];
  /** Outputs by `<stack>.<output>`. */
  readonly outputs: Readonly<Record<string, string>>;
}

export type ResourceTypes = Readonly<Record<string, ResourceType>>;

/** By CloudFormation type, of all engines. */
export function typesOf(engines: readonly Engine[]): ResourceTypes {
  return Object.assign({}, ...engines.map(engine => engine.resources));
}

/** Makes or updates all that the assembly describes; throws with every logical id that no engine can make. */
export async function provision(
  assembly: Assembly,
  engines: readonly Engine[],
  account: Surroundings['account'],
  knownName: (stack: string, logicalId: string) => string | undefined = () => undefined,
): Promise<Provisioned> {
  const types = typesOf(engines);
  const exported = new Map<string, string>();
  const resources: Resource[] = [];
  const outputs: Record<string, string> = {};
  refuseUnknownTypes(assembly, types);
  for (const stack of assembly.stacks) {
    const scope = scopeOf(stack, {
      types,
      account,
      exported: name => exported.get(name),
      nameOf: logicalId => knownName(stack.name, logicalId) ?? `${stack.name}-${logicalId}`,
    });
    for (const logicalId of inOrder(stack)) {
      const resource = resourceOf(stack, logicalId, scope);
      if (!resource || INERT_TYPES.has(resource.type)) continue;
      await typeNamed(resource.type, types)?.apply?.(resource);
      resources.push(resource);
    }
    for (const { key, value, exportName } of outputsOf(stack, scope)) {
      outputs[`${stack.name}.${key}`] = value;
      if (exportName !== undefined) exported.set(exportName, value);
    }
  }
  return { resources, outputs };
}

/** The resource with its intrinsics replaced; undefined where its condition does not hold. */
export function resourceOf({ name, template }: Stack, logicalId: string, scope: StackScope): Resource | undefined {
  const { Type, Condition, Properties = {}, Metadata = {} } = template.Resources[logicalId] ?? { Type: '' };
  if (Condition && !holds({ Condition }, scope)) return undefined;
  const resource: Resource = {
    ...scope.identity(logicalId),
    logicalId,
    stack: name,
    type: Type,
    // What does nothing may say it in words that are not known here.
    properties: INERT_TYPES.has(Type) ? Properties : resolve(Properties, scope),
    metadata: Metadata,
  };
  refuseDynamicReferences(resource.properties, `${name}/${logicalId}`);
  return resource;
}

export interface Output {
  readonly key: string;
  readonly value: string;
  readonly exportName: string | undefined;
  readonly description: string | undefined;
}

export function outputsOf({ template }: Stack, scope: StackScope): readonly Output[] {
  return Object.entries(template.Outputs ?? {}).flatMap(([key, { Value, Export, Condition, Description }]) => {
    if (Condition !== undefined && !holds({ Condition }, scope)) return [];
    const exportName = Export && String(resolve(Export.Name, scope));
    return [{ key, value: String(resolve(Value, scope)), exportName, description: Description }];
  });
}

/** A custom resource may have a type of its own name. */
export function typeNamed(type: string, types: ResourceTypes): ResourceType | undefined {
  return types[type.startsWith('Custom::') ? CUSTOM_RESOURCE : type];
}

/** What a template is resolved in. */
export interface Surroundings {
  readonly types: ResourceTypes;
  readonly account: { readonly region: string; readonly accountId: string };
  exported(name: string): string | undefined;
  /** A physical name for a resource, of which the engine makes its identity. */
  nameOf(logicalId: string): string;
  /** Values of the template's parameters; what the template says, where they are not given. */
  readonly parameters?: Readonly<Record<string, string | readonly string[]>>;
  readonly stackId?: string;
}

export type StackScope = Scope & {
  identity(logicalId: string): Identity;
  /** Lets the identity be asked anew, as under another name. */
  forget(logicalId: string): void;
};

export function scopeOf(stack: Stack, surroundings: Surroundings): StackScope {
  const { name: stackName, template } = stack;
  const { types, account, exported, nameOf } = surroundings;
  const identities = new Map<string, Identity>();
  const given = Object.entries(template.Parameters ?? {}).flatMap(([name, { Default }]) =>
    Default === undefined ? [] : [[name, Default]],
  );
  const known: Record<string, string | readonly string[]> = {
    ...(Object.fromEntries(given) as Record<string, string>),
    ...surroundings.parameters,
    'AWS::Region': account.region,
    'AWS::AccountId': account.accountId,
    'AWS::Partition': 'aws',
    'AWS::URLSuffix': 'amazonaws.com',
    'AWS::StackName': stackName,
    'AWS::StackId':
      surroundings.stackId ?? `arn:aws:cloudformation:${account.region}:${account.accountId}:stack/${stackName}/local`,
  };
  const identity = (logicalId: string): Identity => {
    const found = identities.get(logicalId);
    if (found) return found;
    const resource = template.Resources[logicalId];
    if (!resource) throw new Error(`${stackName} refers to ${logicalId}, which it does not define`);
    const name = nameOf(logicalId);
    const properties = withNames(resource.Properties ?? {}, known, { template, region: account.region });
    const described = { logicalId, stack: stackName, name, properties };
    const made = typeNamed(resource.Type, types)?.identify(described) ?? { ref: name, attributes: {} };
    identities.set(logicalId, made);
    return made;
  };
  return {
    template,
    region: account.region,
    identity,
    forget: logicalId => void identities.delete(logicalId),
    ref: id => known[id] ?? identity(id).ref,
    attribute: (id, attribute) => {
      // An inert resource has no attributes of its own: a stable name stands for each.
      return identity(id).attributes[attribute] ?? `${identity(id).ref}.${attribute}`;
    },
    importValue: exportName => {
      const value = exported(exportName);
      if (value === undefined) throw new Error(`No export named ${exportName} found.`);
      return value;
    },
  };
}

/**
 * Properties in which a name that is made of the stack, the region and the account alone stands as it is: these are known
 * before anything is made.
 */
function withNames(
  properties: Readonly<Record<string, unknown>>,
  values: Readonly<Record<string, string | readonly string[]>>,
  { template, region }: Pick<Scope, 'template' | 'region'>,
): Record<string, unknown> {
  const unknown = (name: string): never => {
    throw new Error(`a name refers to ${name}`);
  };
  const scope: Scope = {
    template,
    region,
    ref: name => values[name] ?? unknown(name),
    attribute: unknown,
    importValue: unknown,
  };
  const isResolvable = (value: unknown): boolean =>
    [...references(value)].every(name => name in values) && !JSON.stringify(value).includes('Fn::ImportValue');
  return Object.fromEntries(
    Object.entries(properties).map(([key, value]) => {
      const names = /(Name|Domain)$/.test(key) && typeof value === 'object' && value !== null;
      return [key, names && isResolvable(value) ? resolve(value, scope) : value];
    }),
  );
}

/** Logical ids, each after those that it refers to or depends on; a circle is made in the order of the template. */
export function inOrder({ template }: Pick<Stack, 'template'>): string[] {
  const ordered: string[] = [];
  const seen = new Set<string>();
  const visit = (logicalId: string): void => {
    const resource = template.Resources[logicalId];
    if (!resource || seen.has(logicalId)) return;
    seen.add(logicalId);
    const named = [resource.DependsOn ?? []].flat();
    for (const other of [...references(resource.Properties), ...named]) visit(String(other));
    ordered.push(logicalId);
  };
  for (const logicalId of Object.keys(template.Resources)) visit(logicalId);
  return ordered;
}

/** Whether resources of the type are made here, or accepted and do nothing. */
export function isKnown(type: string, types: ResourceTypes): boolean {
  return INERT_TYPES.has(type) || typeNamed(type, types) !== undefined;
}

function refuseUnknownTypes(assembly: Assembly, types: ResourceTypes): void {
  const unknown = assembly.stacks.flatMap(({ name, template }) =>
    Object.entries(template.Resources)
      .filter(([, { Type }]) => !isKnown(Type, types))
      .map(([logicalId, { Type }]) => `  ${name}/${logicalId}: ${Type}`),
  );
  if (unknown.length === 0) return;
  const advice =
    'Give the type an engine, or list it in lib/local/provision.ts if nothing here depends on what it does.';
  throw new Error(`The local cloud cannot make these resources:\n${unknown.join('\n')}\n${advice}`);
}

/** Types that are accepted and do nothing here: what they do matters only in AWS. */
const INERT_TYPES: ReadonlySet<string> = new Set([
  'AWS::CDK::Metadata',
  // The network around the worker: here it is a process on loopback.
  'AWS::EC2::EIP',
  'AWS::EC2::FlowLog',
  'AWS::EC2::InternetGateway',
  'AWS::EC2::LaunchTemplate',
  'AWS::EC2::NatGateway',
  'AWS::EC2::Route',
  'AWS::EC2::RouteTable',
  'AWS::EC2::SecurityGroup',
  'AWS::EC2::SecurityGroupEgress',
  'AWS::EC2::SecurityGroupIngress',
  'AWS::EC2::Subnet',
  'AWS::EC2::SubnetRouteTableAssociation',
  'AWS::EC2::VPC',
  'AWS::EC2::VPCEndpoint',
  'AWS::EC2::VPCGatewayAttachment',
  // Capacity and its scaling: one machine has what it has.
  'AWS::ApplicationAutoScaling::ScalableTarget',
  'AWS::ApplicationAutoScaling::ScalingPolicy',
  'AWS::AutoScaling::AutoScalingGroup',
  'AWS::ECS::CapacityProvider',
  'AWS::ECS::Cluster',
  'AWS::ECS::ClusterCapacityProviderAssociations',
  // How AWS treats a region's other users: the account's role for API logs, and how long an event waits for a throttled function.
  'AWS::ApiGateway::Account',
  'AWS::Lambda::EventInvokeConfig',
  // Watching.
  'AWS::CloudWatch::Alarm',
  'AWS::CloudWatch::Dashboard',
  'AWS::Logs::ResourcePolicy',
  // It reports what became of mail: here it always arrives.
  'AWS::SES::ConfigurationSetEventDestination',
  'AWS::SNS::Subscription',
  'AWS::SNS::Topic',
  'AWS::SNS::TopicPolicy',
]);
