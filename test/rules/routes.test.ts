import { globSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { PERMISSIONS, ROLES } from '../../functions/catalogue/permissions.ts';
import { rolesOf } from '../../functions/http/access.ts';
import type { OpenRoute, Route } from '../../functions/http/route.ts';
import { OPEN_ROUTES, ROUTES as REGISTERED } from '../../functions/routes.ts';

const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const files = globSync('functions/**/*contract.ts', { cwd: ROOT });
const exported = await Promise.all(files.map(async file => Object.entries(await import(join(ROOT, file)))));
/** Contracts also export what they share of bodies. */
const routes = exported
  .flat()
  .filter((found): found is [string, Route | OpenRoute] => typeof Object(found[1]).path === 'string');
const isOpen = (found: [string, Route | OpenRoute]): found is [string, OpenRoute] => !('entry' in found[1]);
const ROUTES = Object.fromEntries(routes.filter((found): found is [string, Route] => !isOpen(found)));
const OPEN = Object.fromEntries(routes.filter(isOpen));

describe('the routes', () => {
  it('are each a method and a path that no other has', () => {
    const said = routes.map(([, { method, path }]) => `${method} ${path}`);
    expect(new Set(said).size).toBe(said.length);
  });

  it('are all in the registry, under their names, and nothing else is', () => {
    expect(Object.keys(REGISTERED).sort()).toEqual(Object.keys(ROUTES).sort());
    for (const [name, route] of Object.entries(REGISTERED)) expect(ROUTES[name]).toBe(route);
    expect(Object.keys(OPEN_ROUTES).sort()).toEqual(Object.keys(OPEN).sort());
    for (const [name, route] of Object.entries(OPEN_ROUTES)) expect(OPEN[name]).toBe(route);
  });

  it('use every permission, so that none is granted for nothing', () => {
    const used = Object.values(ROUTES).flatMap(({ permission }) => permission ?? []);
    expect(new Set(used)).toEqual(new Set(PERMISSIONS));
  });
});

it('routes that one function answers say the same of what it uses', () => {
  const bySource = Map.groupBy(Object.values(ROUTES), ({ entry }) => entry.source);
  for (const [source, routes] of bySource) {
    for (const { entry } of routes) expect(entry, source).toEqual(routes[0]?.entry);
  }
});

describe.each(Object.entries(ROUTES))('the route %s', (_name, route) => {
  it('lies under its dialect, asks for a permission or a role that exists and has a summary', () => {
    expect(route.path).toMatch(/^\/(openapi\/v2|v1)(\/[a-z_-]+|\/\{[a-z_]+\})+$/);
    if (route.permission === undefined) expect(route.roles).not.toHaveLength(0);
    else expect(PERMISSIONS).toContain(route.permission);
    for (const role of rolesOf(route)) expect(ROLES).toContain(role);
    expect(route.summary).toMatch(/^[A-Z].*\.$/);
  });

  it('takes each parameter of its path as a member', () => {
    const members = Object.keys((route.input as unknown as { shape: object }).shape);
    for (const [, parameter] of route.path.matchAll(/\{([a-z_]+)\}/g)) expect(members).toContain(parameter);
  });
});
