/**
 * Finds the resource of a path. A static part wins over `{name}`, which wins over `{name+}`; parameters keep the
 * percent-encoding of the request, as REST APIs do.
 */

export interface PathResource {
  readonly id: string;
  /** As the template writes it: `/videos/{id}`. */
  readonly path: string;
}

export interface RouteMatch {
  readonly resource: PathResource;
  readonly parameters: Readonly<Record<string, string>>;
}

interface Node {
  readonly statics: Map<string, Node>;
  parameter: { readonly name: string; readonly node: Node } | undefined;
  greedy: { readonly name: string; readonly resource: PathResource } | undefined;
  resource: PathResource | undefined;
}

export class RouteTable {
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
