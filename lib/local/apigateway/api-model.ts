/** An API as its resources fill it in. It has one stage: another is refused by its logical id. */
import type { Api, Authorizer, GatewayResponse, Method, Stage } from './api.ts';
import type { Definition } from './definition.ts';

interface ApiMatch extends RouteMatch {
  readonly method: Method;
}

export class ApiModel {
  #api: Api | undefined;
  #definition: Definition | undefined;
  #stage: Stage | undefined;
  #table: RouteTable | undefined;

  get api(): Api | undefined {
    return this.#api;
  }

  get stage(): Stage | undefined {
    return this.#stage;
  }

  get gatewayResponses(): ReadonlyMap<string, GatewayResponse> {
    return this.#definition?.gatewayResponses ?? new Map();
  }

  authorizer(id: string): Authorizer | undefined {
    return this.#definition?.authorizers.get(id);
  }

  /** Sets the API, all of whose methods are those of the definition. */
  setApi(api: Api, definition: Definition): void {
    this.#api = api;
    this.#definition = definition;
    this.#table = new RouteTable(definition.methods);
  }

  setStage(stage: Stage, logicalId: string): void {
    if (this.#stage && this.#stage.name !== stage.name) {
      throw new Error(`${logicalId}: the local cloud serves one Stage of an API, and ${this.#stage.name} is it`);
    }
    this.#stage = stage;
  }

  dropStage(name: string): void {
    if (this.#stage?.name === name) this.#stage = undefined;
  }

  /** The path and method of a request; undefined where the API has none such. */
  match(httpMethod: string, path: string): ApiMatch | undefined {
    const found = this.#table?.match(path);
    const method = found?.resource.methods.get(httpMethod) ?? found?.resource.methods.get('ANY');
    return found && method && { ...found, method };
  }

  /** Every method, in the order of the paths. */
  methods(): readonly Method[] {
    const order = ({ path, httpMethod }: Method) => `${path} ${httpMethod}`;
    return [...(this.#definition?.methods ?? [])].sort((a, b) => (order(a) < order(b) ? -1 : 1));
  }
}

// Finds the resource of a path. A static part wins over `{name}`, which wins over `{name+}`; parameters keep the
// percent-encoding of the request, as REST APIs do.

interface PathResource {
  /** As the definition writes it: `/videos/{id}`. */
  readonly path: string;
  /** By HTTP method. */
  readonly methods: ReadonlyMap<string, Method>;
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

  constructor(methods: readonly Method[]) {
    const byPath = Map.groupBy(methods, method => method.path);
    // A part of a longer path is a resource too, although it has no method.
    const above = [...byPath.keys()].flatMap(path =>
      partsOf(path).map((_, index, parts) => `/${parts.slice(0, index).join('/')}`),
    );
    for (const path of new Set([...above, ...byPath.keys()])) {
      const here = byPath.get(path) ?? [];
      this.#add({ path, methods: new Map(here.map(method => [method.httpMethod, method])) });
    }
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
