/** The served API as the template's resources fill it in. One API and one stage: another is refused by its logical id. */
import type { Api, Authorizer, GatewayResponse, Method, Stage } from './api.ts';
import { type PathResource, type RouteMatch, RouteTable } from './route-table.ts';

export interface ApiMatch extends RouteMatch {
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
