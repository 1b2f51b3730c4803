/** The served API as the template's resources fill it in. One API and one stage: another is refused by its logical id. */
import type { Api, Authorizer, GatewayResponse, Method, Stage } from './api.ts';

interface ApiMatch extends RouteMatch {
  readonly method: Method;
}

export class ApiModel {
  readonly authorizers = new Map<string, Authorizer>();
  readonly gatewayResponses = new Map<string, GatewayResponse>();
  /** Ids of validators that check parameters. */
  readonly parameterValidators = new Set<string>();
  readonly #resources = new Map<string, { parentId: string; part: string }>();
  /** By resource id and HTTP method. */
  readonly #methods = new Map<string, Method>();
  #api: Api | undefined;
  #stage: Stage | undefined;
  #table: RouteTable | undefined;

  get api(): Api | undefined {
    return this.#api;
  }

  get stage(): Stage | undefined {
    return this.#stage;
  }

  setApi(api: Api, logicalId: string): void {
    if (this.#api && this.#api.id !== api.id) {
      throw new Error(`${logicalId}: the local cloud serves one RestApi, and ${this.#api.name} is it`);
    }
    this.#api = api;
    this.#table = undefined;
  }

  setStage(stage: Stage, logicalId: string): void {
    if (this.#stage && this.#stage.name !== stage.name) {
      throw new Error(`${logicalId}: the local cloud serves one Stage, and ${this.#stage.name} is it`);
    }
    this.#stage = stage;
  }

  addResource(id: string, parentId: string, part: string): void {
    this.#resources.set(id, { parentId, part });
    this.#table = undefined;
  }

  addMethod(method: Method): void {
    this.#methods.set(`${method.resourceId} ${method.httpMethod}`, method);
  }

  /** The resource and method of a request; undefined where the API has none such. */
  match(httpMethod: string, path: string): ApiMatch | undefined {
    this.#table ??= new RouteTable(this.#paths());
    const found = this.#table.match(path);
    const { id } = found?.resource ?? { id: '' };
    const method = this.#methods.get(`${id} ${httpMethod}`) ?? this.#methods.get(`${id} ANY`);
    return found && method && { ...found, method };
  }

  /** Every method with its path, in the order of the paths. */
  methods(): readonly { readonly path: string; readonly method: Method }[] {
    const paths = new Map(this.#paths().map(({ id, path }) => [id, path]));
    return [...this.#methods.values()]
      .map(method => ({ path: paths.get(method.resourceId) ?? '', method }))
      .sort((a, b) =>
        a.path < b.path ? -1 : a.path > b.path ? 1 : a.method.httpMethod < b.method.httpMethod ? -1 : 1,
      );
  }

  #paths(): PathResource[] {
    const rootId = this.#api?.rootId ?? '';
    const pathOf = (id: string): string => {
      if (id === rootId) return '';
      const resource = this.#resources.get(id);
      if (!resource) throw new Error(`The API has no resource ${id}`);
      return `${pathOf(resource.parentId)}/${resource.part}`;
    };
    const below = [...this.#resources.keys()].map(id => ({ id, path: pathOf(id) }));
    return [{ id: rootId, path: '/' }, ...below];
  }
}

// Finds the resource of a path. A static part wins over `{name}`, which wins over `{name+}`; parameters keep the
// percent-encoding of the request, as REST APIs do.

interface PathResource {
  readonly id: string;
  /** As the template writes it: `/videos/{id}`. */
  readonly path: string;
}

interface RouteMatch {
  readonly resource: PathResource;
  readonly parameters: Readonly<Record<string, string>>;
}

interface Node {
  readonly statics: Map<string, Node>;
  parameter: { readonly name: string; readonly node: Node } | undefined;
  greedy: { readonly name: string; readonly resource: PathResource } | undefined;
  resource: PathResource | undefined;
}

class RouteTable {
  readonly #root: Node = emptyNode();

  constructor(resources: readonly PathResource[]) {
    for (const resource of resources) this.#add(resource);
  }

  /** `path` is as sent, without the query. */
  match(path: string): RouteMatch | undefined {
    const trimmed = path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path;
    return find(this.#root, partsOf(trimmed), {});
  }

  #add(resource: PathResource): void {
    let node = this.#root;
    for (const part of partsOf(resource.path)) {
      const name = /^\{(.+?)\+?\}$/.exec(part)?.[1];
      if (name === undefined) {
        const next = node.statics.get(part) ?? emptyNode();
        node.statics.set(part, next);
        node = next;
      } else if (part.endsWith('+}')) {
        node.greedy = { name, resource };
        return;
      } else {
        node.parameter ??= { name, node: emptyNode() };
        node = node.parameter.node;
      }
    }
    node.resource = resource;
  }
}

function find(node: Node, parts: readonly string[], parameters: Record<string, string>): RouteMatch | undefined {
  const [part, ...rest] = parts;
  if (part === undefined) return node.resource && { resource: node.resource, parameters };
  const fixed = node.statics.get(part);
  const exact = fixed && find(fixed, rest, parameters);
  if (exact) return exact;
  if (node.parameter && part !== '') {
    const { name, node: next } = node.parameter;
    const found = find(next, rest, { ...parameters, [name]: part });
    if (found) return found;
  }
  if (!node.greedy) return undefined;
  const { name, resource } = node.greedy;
  return { resource, parameters: { ...parameters, [name]: parts.join('/') } };
}

function partsOf(path: string): string[] {
  return path === '/' ? [] : path.split('/').slice(1);
}

function emptyNode(): Node {
  return { statics: new Map(), parameter: undefined, greedy: undefined, resource: undefined };
}
