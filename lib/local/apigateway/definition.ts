/**
 * Imports the OpenAPI definition of a REST API, as `Body` of AWS::ApiGateway::RestApi brings it: paths with their methods,
 * authorizers and gateway responses. What API Gateway would leave out in silence, and what is not known here, is refused by
 * the place where it stands. Source: API Gateway's developer guide, "OpenAPI extensions" and "Important notes for REST APIs".
 */
import { Properties } from '../properties.ts';
import type { Api, Authorizer, GatewayResponse, Method } from './api.ts';
import { stableId } from './api.ts';
import { RESPONSE_TYPES, refuseUnknownTemplate } from './gateway-response.ts';
import { functionArnOf, readIntegration } from './integration.ts';

export interface Definition {
  readonly title: string;
  readonly description: string;
  readonly keySource: Api['keySource'] | undefined;
  readonly binaryMediaTypes: readonly string[];
  readonly methods: readonly Method[];
  /** By id. */
  readonly authorizers: ReadonlyMap<string, Authorizer>;
  /** By type. */
  readonly gatewayResponses: ReadonlyMap<string, GatewayResponse>;
}

/** Members of a path that are methods, and the HTTP method of each. */
const METHODS: Readonly<Record<string, string>> = {
  get: 'GET',
  put: 'PUT',
  post: 'POST',
  delete: 'DELETE',
  options: 'OPTIONS',
  head: 'HEAD',
  patch: 'PATCH',
  'x-amazon-apigateway-any-method': 'ANY',
};

const KEY_SOURCES: readonly Api['keySource'][] = ['HEADER', 'AUTHORIZER'];

const EXTENSION = 'x-amazon-apigateway-';

/** `where` opens every complaint; `apiId` is that of the API which the definition is of. */
export function readDefinition(body: unknown, where: string, apiId: string): Definition {
  const document = new Properties(where, body, [
    'openapi',
    'info',
    'paths',
    'components',
    `${EXTENSION}api-key-source`,
    `${EXTENSION}binary-media-types`,
    `${EXTENSION}gateway-responses`,
    `${EXTENSION}request-validators`,
  ]);
  if (!/^3\.0\.\d+$/.test(document.string('openapi'))) {
    document.refuse('openapi', `the local cloud imports OpenAPI 3.0, not ${document.string('openapi')}`);
  }
  const info = document.nested('info', ['title', 'version', 'description']);
  if (!info) return document.refuse('info', 'is missing');
  const components = document.nested('components', ['securitySchemes']);
  const schemes = readSchemes(components, apiId);
  const validators = readValidators(document);
  const paths = document.nested('paths', namesIn(document.raw('paths')));
  const authorizers = [...schemes.values()].filter(scheme => scheme !== 'api key');
  const source = `${EXTENSION}api-key-source`;
  return {
    title: info.string('title'),
    description: info.string('description', ''),
    keySource: document.has(source) ? document.choice<Api['keySource']>(source, KEY_SOURCES, 'HEADER') : undefined,
    binaryMediaTypes: document.strings(`${EXTENSION}binary-media-types`),
    methods: namesIn(document.raw('paths')).flatMap(path => {
      if (!PATH.test(path)) return document.refuse('paths', `${path} is not a path of a REST API`);
      const item = paths?.nested(path, Object.keys(METHODS));
      const names = Object.keys(METHODS).filter(name => item?.has(name));
      return names.map(name => readMethod(item?.nested(name, OPERATION), `${METHODS[name]}`, path));
    }),
    authorizers: new Map(authorizers.map(authorizer => [authorizer.id, authorizer])),
    gatewayResponses: readGatewayResponses(document),
  };

  function readMethod(operation: Properties | undefined, httpMethod: string, path: string): Method {
    if (!operation) throw new Error(`${where}: ${httpMethod} ${path} is missing`);
    if (!operation.has(`${EXTENSION}integration`)) {
      operation.refuse(`${EXTENSION}integration`, 'is missing: no method is deployed without');
    }
    const used = securityOf(operation).map(name => {
      return schemes.get(name) ?? operation.refuse('security', `no security scheme is named ${name}`);
    });
    const [authorizer, ...more] = used.filter(scheme => scheme !== 'api key');
    if (more.length > 0) operation.refuse('security', 'a method has one authorizer');
    return {
      httpMethod,
      path,
      resourceId: resourceIdOf(apiId, path),
      authorizerId: authorizer?.id,
      apiKeyRequired: used.includes('api key'),
      operationName: operation.optionalString('operationId'),
      requiredParameters: requiredParametersOf(operation, validators),
      integration: readIntegration(operation.raw(`${EXTENSION}integration`), `${where}: ${httpMethod} ${path}`),
    };
  }
}

/** API Gateway's own, in what a part may hold; parameters are whole parts. */
const PATH = /^\/$|^(?:\/(?:[\w.,:-]+|\{[\w.,:-]+\+?\}))+$/;

const OPERATION = [
  'operationId',
  'summary',
  'description',
  'tags',
  'parameters',
  'responses',
  'security',
  `${EXTENSION}integration`,
  `${EXTENSION}request-validator`,
];

/** The id of a path's resource: the same at every start. */
export function resourceIdOf(apiId: string, path: string): string {
  return stableId(`${apiId} ${path}`);
}

/**
 * The schemes that an operation names. API Gateway wants all of them, where OpenAPI would let a caller choose; each stands
 * alone in its requirement, as AWS's own transform writes them.
 */
function securityOf(operation: Properties): string[] {
  const requirements = (operation.raw('security') ?? []) as readonly Readonly<Record<string, readonly string[]>>[];
  return requirements.map(requirement => {
    const [[name, scopes] = ['', []], ...others] = Object.entries(requirement);
    if (others.length > 0) operation.refuse('security', 'the local cloud knows one scheme in each requirement');
    if (scopes.length > 0) operation.refuse('security', `the local cloud knows no scopes, such as ${scopes[0]}`);
    return name;
  });
}

type Scheme = Authorizer | 'api key';

function readSchemes(components: Properties | undefined, apiId: string): ReadonlyMap<string, Scheme> {
  const names = namesIn(components?.raw('securitySchemes'));
  const schemes = components?.nested('securitySchemes', names);
  return new Map(names.map(name => [name, readScheme(schemes?.nested(name, SCHEME), stableId(`${apiId}#${name}`))]));
}

const SCHEME = ['type', 'name', 'in', `${EXTENSION}authtype`, `${EXTENSION}authorizer`];

function readScheme(scheme: Properties | undefined, id: string): Scheme {
  if (!scheme) throw new Error('a security scheme is missing');
  scheme.choice('type', ['apiKey'], 'apiKey');
  scheme.choice('in', ['header', 'query'], 'header');
  const authorizer = scheme.nested(`${EXTENSION}authorizer`, [
    'authorizerResultTtlInSeconds',
    'authorizerUri',
    'identitySource',
    'type',
  ]);
  if (!authorizer) {
    if (scheme.string('name').toLowerCase() === 'x-api-key') return 'api key';
    return scheme.refuse('name', 'a scheme without an authorizer is that of API keys: x-api-key');
  }
  scheme.choice(`${EXTENSION}authtype`, ['custom'], 'custom');
  authorizer.choice('type', ['request'], 'request');
  const ttlSeconds = authorizer.number('authorizerResultTtlInSeconds', 300);
  if (ttlSeconds < 0 || ttlSeconds > 3600) authorizer.refuse('authorizerResultTtlInSeconds', 'should be 0 to 3600');
  const sources = authorizer.string('identitySource', '').split(',');
  const identitySources = sources.map(source => source.trim()).filter(source => source !== '');
  if (ttlSeconds > 0 && identitySources.length === 0) {
    authorizer.refuse('identitySource', 'is needed where answers are kept (authorizerResultTtlInSeconds)');
  }
  return { id, functionArn: functionArnOf(authorizer, 'authorizerUri'), identitySources, ttlSeconds };
}

/** Names of validators that check parameters, and of the others. */
function readValidators(document: Properties): ReadonlyMap<string, boolean> {
  const names = namesIn(document.raw(`${EXTENSION}request-validators`));
  const validators = document.nested(`${EXTENSION}request-validators`, names);
  return new Map(
    names.map(name => {
      const validator = validators?.nested(name, ['validateRequestBody', 'validateRequestParameters']);
      if (validator?.boolean('validateRequestBody', false)) {
        validator.refuse('validateRequestBody', 'the local cloud validates parameters, not bodies');
      }
      return [name, validator?.boolean('validateRequestParameters', false) ?? false];
    }),
  );
}

function requiredParametersOf(operation: Properties, validators: ReadonlyMap<string, boolean>): readonly string[] {
  const validator = operation.optionalString(`${EXTENSION}request-validator`);
  const checks = validator !== undefined && validators.get(validator);
  if (checks === undefined) operation.refuse(`${EXTENSION}request-validator`, `no validator is named ${validator}`);
  const named = operation.items('parameters', ['name', 'in', 'required', 'description', 'schema']);
  const required = named.filter(parameter => parameter.boolean('required', false));
  const names = required.map(parameter => {
    const place = { header: 'header', query: 'querystring', path: 'path' } as const;
    return `method.request.${place[parameter.choice('in', ['header', 'query', 'path'], 'query')]}.${parameter.string('name')}`;
  });
  return checks ? names : [];
}

function readGatewayResponses(document: Properties): ReadonlyMap<string, GatewayResponse> {
  const types = namesIn(document.raw(`${EXTENSION}gateway-responses`));
  const responses = document.nested(`${EXTENSION}gateway-responses`, types);
  return new Map(
    types.map(type => {
      if (!(type in RESPONSE_TYPES) && !/^DEFAULT_[45]XX$/.test(type)) {
        document.refuse(`${EXTENSION}gateway-responses`, `${type} is not a type of gateway response`);
      }
      const response = responses?.nested(type, ['statusCode', 'responseParameters', 'responseTemplates']);
      if (!response) throw new Error(`the gateway response ${type} is missing`);
      return [type, readGatewayResponse(response, type)];
    }),
  );
}

function readGatewayResponse(response: Properties, type: string): GatewayResponse {
  const headers: Record<string, string> = {};
  for (const [name, source] of Object.entries(response.map('responseParameters'))) {
    const header = /^gatewayresponse\.header\.(.+)$/.exec(name)?.[1];
    if (!header) return response.refuse('responseParameters', `the local cloud sets headers, not ${name}`);
    headers[header] = source;
  }
  const templates = response.map('responseTemplates');
  const contentType = 'application/json' in templates ? 'application/json' : Object.keys(templates)[0];
  const template = contentType === undefined ? undefined : templates[contentType];
  if (template !== undefined) refuseUnknownTemplate(template, `${type}.responseTemplates`);
  return {
    status: response.optionalNumber('statusCode'),
    headers,
    template,
    contentType: contentType ?? 'application/json',
  };
}

/** The names of an object's members; none where it is no object. */
function namesIn(value: unknown): string[] {
  return typeof value === 'object' && value !== null ? Object.keys(value) : [];
}
