/** The CloudFormation types of API Gateway. */
import { Properties } from '../properties.ts';
import type { CloudContext, Resource, ResourceType } from '../service.ts';
import { stableId, type UsagePlan } from './api.ts';
import type { ApiKeys } from './api-keys.ts';
import type { ApiModel } from './api-model.ts';
import type { ApiModels } from './api-models.ts';
import { resourceIdOf } from './definition.ts';
import type { PlanPatches } from './patch-plan.ts';
import { readApi, readStage, readTags, readUsagePlan } from './read-api.ts';
import type { Usage } from './usage.ts';

export interface ResourceParts {
  readonly context: CloudContext;
  readonly models: ApiModels;
  readonly keys: ApiKeys;
  readonly usage: Usage;
  readonly plans: Map<string, UsagePlan>;
  readonly patches: PlanPatches;
}

/** A type that goes by an id of ten characters. */
function numbered(
  apply: (resource: Resource) => void,
  attribute: string | undefined,
  more: Omit<ResourceType, 'identify' | 'apply'>,
): ResourceType {
  return {
    identify({ name }) {
      const id = stableId(name);
      return { ref: id, attributes: attribute === undefined ? {} : { [attribute]: id } };
    },
    apply,
    ...more,
  };
}

const INERT: ResourceType = { identify: ({ name }) => ({ ref: stableId(name), attributes: {} }) };

export function apiGatewayResources(parts: ResourceParts): Readonly<Record<string, ResourceType>> {
  const { models, plans, patches, keys, usage } = parts;
  const modelOf = (resource: Resource): ApiModel => models.of(String(resource.properties.RestApiId));
  return {
    'AWS::ApiGateway::RestApi': {
      identify({ name }) {
        const id = stableId(name);
        return { ref: id, attributes: { RestApiId: id, RootResourceId: resourceIdOf(id, '/') } };
      },
      apply(resource) {
        const { api, definition } = readApi(resource);
        models.of(resource.ref).setApi(api, definition);
      },
      remove: ({ ref }) => models.remove(ref),
      made: () => models.all().map(({ api }) => api?.id ?? ''),
    },
    'AWS::ApiGateway::Deployment': numbered(
      resource => {
        Properties.of(resource, ['Description', 'RestApiId']);
      },
      'DeploymentId',
      {},
    ),
    'AWS::ApiGateway::Stage': {
      identify({ logicalId, properties }) {
        if (typeof properties.StageName === 'string') return { ref: properties.StageName, attributes: {} };
        throw new Error(`${logicalId}.StageName: the local cloud needs a name that refers to nothing`);
      },
      apply: resource => modelOf(resource).setStage(readStage(resource), resource.logicalId),
      remove: resource => modelOf(resource).dropStage(resource.ref),
      immutable: ['RestApiId'],
    },
    'AWS::ApiGateway::UsagePlan': numbered(
      resource => {
        plans.set(resource.ref, patches.over(readUsagePlan(resource)));
        usage.notePlan(resource.ref);
      },
      'Id',
      {
        remove: ({ ref }) => {
          plans.delete(ref);
          patches.forget(ref);
          usage.forgetPlan(ref);
          keys.leavePlan(ref);
        },
        made: () => [...plans.keys()],
      },
    ),
    'AWS::ApiGateway::ApiKey': numbered(resource => applyKey(resource, parts), 'APIKeyId', {
      remove: ({ ref }) => keys.delete(ref),
      made: () => keys.list({ after: '', limit: 100_000 }).map(({ id }) => id),
      immutable: ['GenerateDistinctId', 'Name', 'Value'],
    }),
    'AWS::ApiGateway::UsagePlanKey': numbered(
      resource => {
        const properties = Properties.of(resource, ['KeyId', 'KeyType', 'UsagePlanId']);
        properties.choice('KeyType', ['API_KEY'], 'API_KEY');
        keys.ensureJoined(properties.string('UsagePlanId'), properties.string('KeyId'));
      },
      undefined,
      {
        remove: ({ properties }) => void keys.leave(properties.UsagePlanId, properties.KeyId),
        immutable: 'all',
      },
    ),
    'AWS::ApiGateway::Account': INERT,
    // Here the API has the paths that it has at a domain's root, under whatever name it is called: no DNS leads to this machine.
    'AWS::ApiGateway::BasePathMapping': {
      ...INERT,
      apply: resource => {
        const properties = Properties.of(resource, ['BasePath', 'DomainName', 'RestApiId', 'Stage']);
        properties.string('DomainName');
        const path = properties.string('BasePath', '');
        if (path !== '') properties.refuse('BasePath', `the local cloud has the API at the root, not at ${path}`);
      },
    },
    'AWS::ApiGateway::DomainName': {
      identify: ({ name, properties }) => {
        const ref = typeof properties.DomainName === 'string' ? properties.DomainName : name;
        const target = `d-${stableId(name)}.execute-api.${parts.context.region}.amazonaws.com`;
        return { ref, attributes: { RegionalDomainName: target, RegionalHostedZoneId: 'Z1UJRXOUMOOFQ8' } };
      },
      apply: resource => {
        const known = ['DomainName', 'EndpointConfiguration', 'RegionalCertificateArn', 'SecurityPolicy', 'Tags'];
        const properties = Properties.of(resource, known);
        properties.string('DomainName');
        properties.string('RegionalCertificateArn');
        properties.choice('SecurityPolicy', ['TLS_1_0', 'TLS_1_2'], 'TLS_1_0');
        const types = properties.nested('EndpointConfiguration', ['Types'])?.strings('Types') ?? [];
        if (types.join() !== 'REGIONAL')
          properties.refuse('EndpointConfiguration', 'the local cloud knows regional domains alone');
      },
    },
  };
}

function applyKey(resource: Resource, { keys, context }: ResourceParts): void {
  // StageKeys is of the time before usage plans: AWS takes it, and a plan alone opens a stage.
  const known = ['CustomerId', 'Description', 'Enabled', 'Name', 'StageKeys', 'Tags', 'Value'];
  const properties = Properties.of(resource, known);
  const now = context.clock.now();
  keys.ensure(
    {
      id: resource.ref,
      name: properties.string('Name', resource.logicalId),
      description: properties.string('Description', ''),
      customerId: properties.string('CustomerId', ''),
      enabled: properties.boolean('Enabled', false),
      createdAt: now,
      updatedAt: now,
      tags: readTags(properties),
    },
    properties.optionalString('Value'),
  );
}
