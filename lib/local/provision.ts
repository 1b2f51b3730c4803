/**
 * Makes the resources of an assembly. Every identity is known before anything is made, so references may go in any
 * direction; then each resource is made after those it refers to. A type is made by its engine, or is accepted as inert
 * by name, or stops the boot.
 */
import type { Assembly, Stack } from './assembly.ts';
import { CUSTOM_RESOURCE } from './cloudformation/cloudformation.ts';
import { holds, references, refuseDynamicReferences, resolve, type Scope } from './intrinsics.ts';
import type { Engine, Identity, Resource, ResourceType } from './service.ts';

export interface Provisioned {
  readonly resources: readonly Resource[];
  /** Outputs by `<stack>.<output>`. */
  readonly outputs: Readonly<Record<string, string>>;
}

/** Makes or updates all that the assembly describes; throws with every logical id that no engine can make. */
export async function provision(
  assembly: Assembly,
  engines: readonly Engine[],
  account: { region: string; accountId: string },
): Promise<Provisioned> {
  const types: Record<string, ResourceType> = Object.assign({}, ...engines.map(engine => engine.resources));
  const exported = new Map<string, string>();
  const resources: Resource[] = [];
  const outputs: Record<string, string> = {};
  refuseUnknownTypes(assembly, types);
  for (const stack of assembly.stacks) {
    const scope = scopeOf(stack, types, account, exported);
    for (const logicalId of inOrder(stack)) {
      const { Type, Condition, Properties = {}, Metadata = {} } = stack.template.Resources[logicalId] ?? { Type: '' };
      if (Condition && !holds({ Condition }, scope)) continue;
      const resourceType = typeNamed(Type, types);
      if (!resourceType) continue;
      const resource: Resource = {
        ...scope.identity(logicalId),
        logicalId,
        stack: stack.name,
        type: Type,
        properties: resolve(Properties, scope),
        metadata: Metadata,
      };
      refuseDynamicReferences(resource.properties, `${stack.name}/${logicalId}`);
      await resourceType.apply?.(resource);
      resources.push(resource);
    }
    for (const [name, output] of Object.entries(stack.template.Outputs ?? {})) {
      const value = String(resolve(output.Value, scope));
      outputs[`${stack.name}.${name}`] = value;
      if (output.Export) exported.set(String(resolve(output.Export.Name, scope)), value);
    }
  }
  return { resources, outputs };
}

/** A custom resource may have a type of its own name. */
function typeNamed(type: string, types: Readonly<Record<string, ResourceType>>): ResourceType | undefined {
  return types[type.startsWith('Custom::') ? CUSTOM_RESOURCE : type];
}

function scopeOf(
  { name: stackName, template }: Stack,
  types: Readonly<Record<string, ResourceType>>,
  account: { region: string; accountId: string },
  exported: ReadonlyMap<string, string>,
): Scope & { identity(logicalId: string): Identity } {
  const identities = new Map<string, Identity>();
  const pseudo: Record<string, string> = {
    'AWS::Region': account.region,
    'AWS::AccountId': account.accountId,
    'AWS::Partition': 'aws',
    'AWS::URLSuffix': 'amazonaws.com',
    'AWS::StackName': stackName,
    'AWS::StackId': `arn:aws:cloudformation:${account.region}:${account.accountId}:stack/${stackName}/local`,
  };
  for (const [logicalId, resource] of Object.entries(template.Resources)) {
    const name = `${stackName}-${logicalId}`;
    const properties = withNames(resource.Properties ?? {}, pseudo, { template, region: account.region });
    const described = { logicalId, stack: stackName, name, properties };
    identities.set(logicalId, typeNamed(resource.Type, types)?.identify(described) ?? { ref: name, attributes: {} });
  }
  const identity = (logicalId: string): Identity => {
    const found = identities.get(logicalId);
    if (!found) throw new Error(`${stackName} refers to ${logicalId}, which it does not define`);
    return found;
  };
  return {
    template,
    region: account.region,
    identity,
    ref: id => pseudo[id] ?? template.Parameters?.[id]?.Default ?? identity(id).ref,
    attribute: (id, attribute) => {
      // An inert resource has no attributes of its own: a stable name stands for each.
      return identity(id).attributes[attribute] ?? `${identity(id).ref}.${attribute}`;
    },
    importValue: exportName => {
      const value = exported.get(exportName);
      if (value === undefined) throw new Error(`${stackName} imports ${exportName}, which no earlier stack exports`);
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
  pseudo: Readonly<Record<string, string>>,
  { template, region }: Pick<Scope, 'template' | 'region'>,
): Record<string, unknown> {
  const unknown = (name: string): never => {
    throw new Error(`a name refers to ${name}`);
  };
  const scope: Scope = {
    template,
    region,
    ref: name => pseudo[name] ?? unknown(name),
    attribute: unknown,
    importValue: unknown,
  };
  const isKnown = (value: unknown): boolean =>
    [...references(value)].every(name => name in pseudo) && !JSON.stringify(value).includes('Fn::ImportValue');
  return Object.fromEntries(
    Object.entries(properties).map(([key, value]) => {
      const names = /(Name|Domain)$/.test(key) && typeof value === 'object' && value !== null;
      return [key, names && isKnown(value) ? resolve(value, scope) : value];
    }),
  );
}

/** Logical ids, each after those that it refers to or depends on; a circle is made in the order of the template. */
function inOrder({ template }: Stack): string[] {
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

function refuseUnknownTypes(assembly: Assembly, types: Readonly<Record<string, ResourceType>>): void {
  const unknown = assembly.stacks.flatMap(({ name, template }) =>
    Object.entries(template.Resources)
      .filter(([, { Type }]) => !typeNamed(Type, types) && !INERT_TYPES.has(Type))
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
