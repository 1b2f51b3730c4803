/**
 * The reference as a site: a page of everything that there is, a page for each family of operations, one of the objects and
 * one of the refusals. Generated from the OpenAPI document, so that nothing is on it that is not in a contract. Pure.
 */
import type { RefusalKind } from '../../catalogue/refusal.ts';
import { FAMILIES } from '../../routes.ts';
import type { Method, OpenApi, Operation } from '../openapi/model.ts';
import { refusalsOf } from '../openapi.ts';
import { type Links, linksOf, slug } from './links.ts';

export interface Placed {
  readonly method: Method;
  readonly path: string;
  readonly operation: Operation;
}

/** Operations that stand on one page. */
export interface Section {
  readonly name: string;
  readonly slug: string;
  readonly about: string;
  readonly operations: readonly Placed[];
  /** What each of them may refuse. */
  readonly refusals: readonly RefusalKind[];
}

export interface Site {
  readonly document: OpenApi;
  /** The address of the API as the reader calls it. */
  readonly baseUrl: string;
  readonly links: Links;
  readonly groups: readonly { readonly name: string; readonly sections: readonly Section[] }[];
  readonly sections: readonly Section[];
}

/** `root` is the path of the address: the stage, or the base path of a domain. */
export function siteOf(document: OpenApi, baseUrl: string, root: string): Site {
  const operations = Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({ method: method as Method, path, operation })),
  );
  const sections = document.tags.map(({ name, description }): Section => {
    const family = FAMILIES.find(each => each.name === name);
    return {
      name,
      slug: slug(name),
      about: description,
      operations: operations.filter(({ operation }) => operation.tags[0] === name),
      refusals: family ? refusalsOf(family) : [],
    };
  });
  const groups = document['x-tagGroups'].map(({ name, tags }) => ({
    name,
    sections: sections.filter(section => tags.includes(section.name)),
  }));
  return { document, baseUrl, links: linksOf(document, root), groups, sections };
}
