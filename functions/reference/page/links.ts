/** Where the pages of the reference are, and what is on which. Pure. */
import type { OpenApi } from '../openapi/model.ts';

/** Addresses as they stand in a page: below the root of the API, which is its stage or the base path of its domain. */
export interface Links {
  readonly home: string;
  readonly document: string;
  readonly terms: string;
  readonly privacy: string;
  readonly privacyData: string;
  readonly signIn: string;
  /** A page by its name, or a place on it. */
  page(name: string, anchor?: string): string;
  operation(id: string): string;
  object(name: string): string;
  refusal(code: string): string;
  models(): string;
  /** The operation that `GET /v1/videos` and the like name; undefined where they name none. */
  named(call: string): string | undefined;
}

/** Names of pages that are not families of operations. */
export const OBJECTS = 'objects';
export const REFUSALS_PAGE = 'problems';

export function linksOf({ paths }: OpenApi, root: string): Links {
  const homes = new Map<string, string>();
  const calls = new Map<string, string>();
  for (const [path, item] of Object.entries(paths)) {
    for (const [method, { operationId, tags }] of Object.entries(item)) {
      homes.set(operationId, slug(tags[0]));
      calls.set(`${method.toUpperCase()} ${path}`, operationId);
    }
  }
  const home = `${root}/docs`;
  const page = (name: string, anchor?: string): string => `${home}/${name}${anchor === undefined ? '' : `#${anchor}`}`;
  const operation = (id: string): string => page(homes.get(id) ?? '', id);
  return {
    home,
    document: `${root}/openapi.json`,
    terms: `${root}/v1/terms`,
    privacy: `${root}/privacy`,
    privacyData: `${root}/v1/privacy`,
    signIn: `${root}/sign-in`,
    page,
    operation,
    object: name => page(OBJECTS, anchorOf(name)),
    refusal: code => page(REFUSALS_PAGE, code),
    models: () => `${home}#models`,
    named: call => {
      const id = calls.get(call);
      return id === undefined ? undefined : operation(id);
    },
  };
}

/** The anchor of an object. */
export function anchorOf(object: string): string {
  return `object-${object}`;
}

/** The name of a family's page. */
export function slug(family: string): string {
  return family.toLowerCase().replaceAll(' ', '-');
}
